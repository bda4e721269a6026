"""The levers of the reform for one case type, read from `handling`."""

from __future__ import annotations

from dataclasses import dataclass

from sim.process.graph import Attribute, Gate
from sim.scenario import (
    CHANNEL,
    Assistance,
    CaseType,
    Delegated,
    Matter,
    Scenario,
    in_parallel,
    joint_meeting,
    single_window,
)


@dataclass(frozen=True)
class Levers:
    """The levers of one case type; each switch is independent of the others (model page §4)."""

    single_window: bool
    """One general window per stage 一窗受理."""
    parallel: bool
    """Only true dependencies order the matters 并联审批."""
    pre_review: bool
    meetings: bool
    online: bool
    """Some cases come in online 全链通."""
    conditional: bool
    """Minor deficiencies do not block acceptance 容缺受理."""
    commitment: bool
    """Decided on a commitment 告知承诺."""
    build_first: bool
    """Verified after the decision 先建后验."""
    delegation: str
    """The form of delegation, or "none"."""
    assistance: Assistance | None
    """Assisted service 帮办代办."""
    tacit_consent: bool
    """Late co-reviews consent 超时默认."""

    @property
    def in_person(self) -> tuple[Gate, ...]:
        """Gates of the cases that come to a window; () is all cases."""
        return (Attribute(CHANNEL, ("window",)),) if self.online else ()

    def delegated(self, matter: Matter) -> Delegated | None:
        """Return how a delegated matter is handled; None if the matter is not delegated."""
        how = [how for form, how in matter.delegation.items() if form == self.delegation]
        return how[0] if how else None

    @property
    def in_own_name(self) -> bool:
        """Whether the zone decides in its own name 下放, 授权 (Licensing Law art. 23)."""
        return self.delegation in {"devolved", "authorised"}


def levers_of(scenario: Scenario, case_type: CaseType) -> Levers:
    """Return the levers that govern a case type."""
    handling = scenario.handling
    parallel = in_parallel(scenario, case_type)
    return Levers(
        single_window=single_window(scenario, case_type),
        parallel=parallel,
        pre_review=parallel and handling.pre_review,
        meetings=joint_meeting(scenario, case_type),
        online=handling.online_share > 0,
        conditional=handling.conditional_acceptance,
        commitment=handling.commitment,
        build_first=handling.build_first,
        delegation=handling.delegation,
        assistance=case_type.assistance if handling.assisted_service else None,
        tacit_consent=handling.tacit_consent,
    )


def remaining_matters(scenario: Scenario, case_type: CaseType) -> dict[str, Matter]:
    """Return the matters that remain under area-wide assessment 区域评估, in serial order.

    A matter that required a vanished one inherits its requirements.
    """
    order = case_type.serial_order or tuple(case_type.matters)
    matters = {name: case_type.matters[name] for name in order}
    if not scenario.handling.area_assessment:
        return matters
    gone = {name for name, matter in matters.items() if matter.area_assessment == 0}

    def still_required(names: tuple[str, ...]) -> list[str]:
        required: list[str] = []
        for name in names:
            required += still_required(matters[name].requires) if name in gone else [name]
        return list(dict.fromkeys(required))

    return {
        name: matter.model_copy(update={"requires": tuple(still_required(matter.requires))})
        for name, matter in matters.items()
        if name not in gone
    }
