"""A bar chart as SVG: groups of bars, of which 1 is a line. Knows nothing of what was measured."""

from html import escape

COLOURS = ("#2f6f9f", "#c2703d")
BAR, GAP, LEFT, WIDTH = 14, 12, 190, 440


def svg(title, series, groups):
    """`groups` is (title, a number for each of the series)."""
    most = max([1.2, *(number for _, numbers in groups for number in numbers)])
    scale = WIDTH / most
    height = 70 + len(groups) * (len(series) * BAR + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="100%" height="100%" fill="#ffffff"/><text x="10" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for place, (name, colour) in enumerate(zip(series, COLOURS)):
        x = LEFT + place * 110
        lines.append(f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/><text x="{x + 18}" y="42">{escape(name)}</text>')
    y = 60
    for name, numbers in groups:
        middle = y + len(series) * BAR / 2 + 4
        lines.append(f'<text x="{LEFT - 10}" y="{middle:.0f}" text-anchor="end">{escape(name)}</text>')
        for number, colour in zip(numbers, COLOURS):
            lines.append(f'<rect x="{LEFT}" y="{y}" width="{number * scale:.1f}" height="{BAR - 2}" fill="{colour}"/>')
            lines.append(f'<text x="{LEFT + number * scale + 5:.1f}" y="{y + 10}">{number:.2f}</text>')
            y += BAR
        y += GAP
    x = LEFT + scale
    lines.append(f'<line x1="{x:.1f}" y1="52" x2="{x:.1f}" y2="{y}" stroke="#333333" stroke-dasharray="4 3"/>')
    return "\n".join([*lines, "</svg>", ""])
