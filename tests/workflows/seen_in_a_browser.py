"""How a page is looked at in Chromium: what a script inside it can measure, and what axe finds."""

import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

Scheme = Literal["light", "dark"]
CHROMIUM = shutil.which("chromium")
PHONE, DESK = 390, 1200  # CSS pixels

# What is judged, as a browser has laid it out. Colours are composed over everything behind them; a text's ratio is
# that of WCAG 2.2, 1.4.3. What stands in a picture file is not measured here.
_MEASURE = """
() => {
  const parsed = text => {
    const [r, g, b, a = 1] = text.match(/[0-9.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => {
    const mix = part => top[part] * top.a + under[part] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(parsed(getComputedStyle(at).backgroundColor));
    const canvas = matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("print").matches ? 18 : 255;
    return layers.reduce((under, top) => over(top, under), { r: canvas, g: canvas, b: canvas, a: 1 });
  };
  const wide = document.documentElement.clientWidth;
  const found = { scrolls: document.documentElement.scrollWidth, outside: [], faint: [], dark: [], small: [], blank: [],
                  texts: 0, pictures: 0 };
  const name = element => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    const isText = !["STYLE", "TITLE", "DESC"].includes(element.tagName.toUpperCase());
    if (!isText || /^[\\s\\p{Cf}]*$/u.test(node.data)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width && box.height);
    const style = getComputedStyle(element);
    if (!boxes.length || style.visibility !== "visible" || style.opacity === "0") {
      found.blank.push(name(element));
      continue;
    }
    found.texts += 1;
    const isOutside = boxes.some(box => box.left < -1 || box.right > wide + 1);
    if (isOutside) found.outside.push(`${name(element)}: ${node.data.trim()}`);
    const paper = behind(element);
    const ink = over(parsed(element instanceof SVGElement ? style.fill : style.color), paper);
    const [light, dark] = [luminance(ink), luminance(paper)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.faint.push(`${name(element)}: ${ratio.toFixed(2)}`);
    if (luminance(paper) < 0.7) found.dark.push(name(element));
  }
  for (const picture of document.querySelectorAll("img, svg")) {
    const box = picture.getBoundingClientRect();
    const drawn = picture instanceof SVGElement || (picture.complete && picture.naturalWidth > 0);
    if (box.width < 200 || box.height < 60 || !drawn) found.blank.push(name(picture));
    if (box.left < -1 || box.right > wide + 1) found.outside.push(name(picture));
    found.pictures += 1;
  }
  for (const entry of document.querySelectorAll("li")) {
    const hasBullet = getComputedStyle(entry).listStyleType !== "none";
    if (hasBullet && entry.getBoundingClientRect().left < 16) found.outside.push(`the bullet of ${name(entry)}`);
  }
  for (const link of document.querySelectorAll("a, button, summary")) {
    const box = link.getBoundingClientRect();
    if (box.height < 44 || box.width < 44) found.small.push(`${name(link)}: ${box.width} by ${box.height}`);
  }
  return found;
}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How wide the window is, whether it is night, and whether it is printed."""

    wide: int
    scheme: Scheme = "light"
    is_printed: bool = False


EVERY_LOOK = tuple(
    look
    for wide in (PHONE, DESK)
    # a dark screen prints on white paper too
    for look in (Look(wide=wide), Look(wide=wide, scheme="dark"), Look(wide=wide, scheme="dark", is_printed=True))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was found at one look; everything but the two counts and the asked addresses should be empty."""

    look: Look
    scrolls: int  # how wide what can be scrolled to is, in CSS pixels
    texts: int
    pictures: int
    outside: Sequence[str]
    faint: Sequence[str]  # below 4.5 to 1
    dark: Sequence[str]  # texts on something darker than grey paper
    small: Sequence[str]  # to press
    blank: Sequence[str]  # there, and not to be seen
    violations: str  # of axe


@asynccontextmanager
async def opened(address: str, asked: list[str]) -> AsyncGenerator[Page]:
    """A page in a browser of its own; what it asks anybody for is written down, apart from its own address."""
    async with (
        async_playwright() as player,
        await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = await browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(address)
        yield page


async def look_at(page: Page, look: Look) -> Seen:
    """What is to be seen of a page that way."""
    await page.set_viewport_size({"width": look.wide, "height": 900})
    await page.emulate_media(media="print" if look.is_printed else "screen", color_scheme=look.scheme)
    measured: dict[str, Any] = await page.evaluate(_MEASURE)  # Any: JSON from the script above
    return Seen(look=look, violations="" if look.is_printed else await _violations(page), **measured)


async def _violations(page: Page) -> str:
    found = await Axe().run(page)
    return found.generate_report() if found.violations_count else ""
