"""The words of levers, in English and Chinese."""

from __future__ import annotations

from typing import Final

SWITCHES: Final[dict[str, tuple[str, str]]] = {
    "one_window": ("one-window intake", "一窗受理"),
    "parallel_approval": ("parallel approval", "并联审批"),
    "pre_review": ("pre-review", "预审"),
    "joint_meeting": ("joint meetings", "联审会"),
    "integrated_startup": ("integrated start-up", "企业开办集成"),
    "online_share": ("online handling", "全链通"),
    "conditional_acceptance": ("conditional acceptance", "容缺受理"),
    "commitment": ("commitment", "告知承诺"),
    "build_first": ("build first, verify later", "先建后验"),
    "area_assessment": ("area-wide assessment", "区域评估"),
    "assisted_service": ("assisted service", "帮办代办"),
    "tacit_consent": ("tacit consent", "超时默认"),
    "deemed_acceptance": ("deemed acceptance", "逾期视为受理"),
}
DELEGATION: Final[dict[str, tuple[str, str]]] = {
    "devolved": ("delegation (devolved)", "下放"),
    "authorised": ("delegation (authorised)", "授权"),
    "entrusted": ("delegation (entrusted)", "委托"),
    "stationed": ("delegation (stationed staff)", "派驻"),
}
