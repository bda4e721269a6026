"""What a browser is asked about a page."""

STICKING_OUT = """() => {
  const scrolls = (each) => {
    for (let at = each.parentElement; at; at = at.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getClientRects().length && !each.closest(".unseen"))
    .filter((each) => !each.ownerSVGElement && !scrolls(each))
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.right > innerWidth + 1 || box.left < -1;
    })
    .map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`);
}"""
"""Elements that reach beyond the window, but for those in a box that scrolls."""
CUT = """(root) => [...document.querySelectorAll(`${root} *`)]
    .filter((each) => each.getClientRects().length && !each.closest("pre"))
    .filter((each) => getComputedStyle(each).overflowX !== "visible")
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
    .map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`)"""
"""Elements within `root` whose content is cut, or has to be scrolled sideways."""
