"""Which pages look alike to axe: same elements, same roles, same classes, whatever the words."""

from playwright.sync_api import Page

# Attributes whose value axe may judge; of others, only whether they say something.
JUDGED = ("class", "role", "type", "lang", "tabindex", "hidden", "scope", "colspan", "rowspan", "autocomplete")
# Names in words or by other elements; they must differ between the elements that match `named` alone.
NAMES = ("aria-label", "aria-labelledby", "aria-describedby", "aria-controls")
NAMED = "nav, section, form, aside, [role]"
LOOKS = """({judged, names, named}) => {
    const attribute = (node, {name, value}) => {
        const whole = names.includes(name) ? node.matches(named) : judged.includes(name) || name.startsWith("aria-");
        return `${name}=${whole ? value : Boolean(value.trim())}`;
    };
    const look = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data.trim() && "words";
        if (node.nodeType !== Node.ELEMENT_NODE) return "";
        const attributes = [...node.attributes].map((one) => attribute(node, one)).sort();
        const inside = [...node.childNodes].filter((child) => child.localName !== "main").map(look).filter(Boolean);
        // Of neighbours that look alike, one.
        const told = inside.filter((one, at) => one !== inside[at - 1]);
        return `<${node.localName} ${attributes.join(" ")}>${told.join("")}</>`;
    };
    return [document.documentElement, ...document.querySelectorAll("main")].map(look);
}"""
TWICE = """() => {
    const names = [...document.querySelectorAll("[id]")].map((node) => node.id);
    return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}"""


def looks(page: Page) -> set[str]:
    """What `main` looks like, and what is around it."""
    return set(page.evaluate(LOOKS, {"judged": JUDGED, "names": NAMES, "named": NAMED}))


def named_twice(page: Page) -> list[str]:
    """The ids that two elements of the page have, whatever their looks."""
    found: list[str] = page.evaluate(TWICE)
    return found
