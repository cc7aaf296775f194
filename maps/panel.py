"""The head and the panel of a page as HTML; every text in it is escaped."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup, escape

from maps.document import Document
from maps.small_map import small_map

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_HEAD = _TEMPLATES.from_string("""\
<header class="head">
<div class="grow"><h1>{{ page.title }}</h1>
{% if page.headline %}
<p>{{ page.headline }}</p>
{% endif %}
</div>
<button id="print" type="button">{{ words("print") }}</button>
</header>
<p id="failure" role="alert" hidden>{{ words("too-old") }}</p>
<p id="credit">{{ page.notes[0] }}{{ words.gap }}{{ words("drawn-by") }}</p>
<svg id="whole" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
<path d="M1 5V1H5M11 1H15V5M15 11V15H11M5 15H1V11" fill="none" stroke="#22211e" stroke-width="1.8"/></svg>
<svg id="north" viewBox="0 0 26 40" role="img" aria-label="{{ words("north") }}">
<path d="M13 13 L20 38 L13 32 L6 38 Z" fill="#22211e"/>
<text x="13" y="10" text-anchor="middle" font-size="11" font-weight="700" fill="#22211e">{{ words("north")
}}</text> </svg>
""")

_PANEL = _TEMPLATES.from_string("""\
{% macro mark(key) %}
<svg width="18" height="14" aria-hidden="true">
{% if key.mark == "dot" %}
<circle cx="9" cy="7" r="5" fill="{{ key.colour }}" stroke="#fff"/>
{% elif key.mark == "badge" %}
<circle cx="9" cy="7" r="6" fill="{{ key.colour }}"/>
{% elif key.mark in ("line", "dash") %}
<path d="M1 7 H17" stroke="{{ key.line }}" stroke-width="2"
{%- if key.mark == "dash" %} stroke-dasharray="4 2.5"{% endif %}/>
{% else %}
<rect x="1" y="1" width="16" height="12" fill="{{ key.colour or "none" }}" stroke="{{ key.line or "#8d877b"
}}"/> {% endif %}
</svg>
{%- endmacro %}
{% macro row(key, class="") %}
<tr{% if class %} class="{{ class }}"{% endif %}><td>
{%- if key.switch -%}
<label><input type="checkbox" checked data-layer="{{ key.switch[0] }}" data-column="{{ key.switch[1] }}"
 data-code="{{ key.switch[2] }}">{{ mark(key) }}<span class="name">{{ key.name }}</span></label>
{%- elif key.colour or key.line -%}
<label>{{ mark(key) }}<span class="name">{{ key.name }}</span></label>
{%- else -%}
{{ key.name }}{% if key.under %}<small>{{ key.under }}</small>{% endif %}
{%- endif -%}
</td>{% for figure in key.figures %}<td class="figure">{{ figure }}</td>{% endfor %}</tr>
{% endmacro %}
<aside class="panel {{ page.kind }}{% if page.is_wide %} wide{% endif %}">
<button id="handle" type="button" aria-expanded="true">{{ words("legend-and-list") }}</button>
<div class="scrolls">
{% if page.views | length > 1 %}
<section><div class="views" role="radiogroup">
{% for view in page.views %}
<label><input type="radio" name="view" value="{{ view.id }}"{% if loop.first %} checked{% endif %}>
<span>{{ view.title }}</span></label>
{% endfor %}
</div>
{% if page.comparison and page.has_names %}
<label class="tick" data-view="{{ page.comparison.compared | join(" ") }}"
{%- if page.views[0].id == page.comparison.view %} hidden{% endif %}>
<input type="checkbox" id="names" checked>{{ words("names") }}</label>
{% endif %}
</section>
{% endif %}
{% if page.verdict %}
<section class="verdict {{ "proved" if page.verdict.is_proved else "unproved" }}">
<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
<path d="{{ "M4 11 L8.5 15.5 L16.5 5.5" if page.verdict.is_proved else "M10 3 V11.5 M10 15 V17" }}"/></svg>
<div><p>{{ page.verdict.text }}</p>
{% for line in page.verdict.figures %}
<p class="note">{{ line }}</p>
{% endfor %}
</div></section>
{% endif %}
{% for section in page.sections %}
{% if section.is_beside %}<div class="beside">{% endif %}

<section{% if section.views %} data-view="{{ section.views | join(" ") }}"
{%- if page.views[0].id not in section.views %} hidden{% endif %}{% endif %}>
<h2>{{ section.title }}{% if section.remark %}<small>{{ section.remark }}</small>{% endif %}</h2>
{% if section.bar %}
<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
{% set at = namespace(x=0) %}
{% for colour, share in section.bar %}
<rect x="{{ "%.2f" | format(at.x) }}" y="0" width="{{ "%.2f" | format(1000 * share) }}" height="12" fill="{{
colour }}"/> {% set at.x = at.x + 1000 * share %}
{% endfor %}
</svg>
{% endif %}
{% if section.keys or section.total %}
<div{% if section.keys | length > 12 and not section.keys[0].switch %} class="long" tabindex="0"{% endif %}>
<table class="key{% if section.keys and section.keys[0].figures | length > 2 %} matrix{% endif %}">
{% for key in section.keys %}
{{ row(key) -}}
{% endfor %}
{% if section.total %}
{{ row(section.total, "total") -}}
{% endif %}
</table></div>
{% endif %}
{% if section.heat %}
<svg class="ramp" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
<defs><linearGradient id="ramp-{{ section.views[0] }}">
{% for colour in section.heat %}
<stop offset="{{ "%.3f" | format(loop.index0 / (loop.length - 1)) }}" stop-color="{{ colour }}"/>
{% endfor %}
</linearGradient></defs>
<rect width="100" height="14" fill="url(#ramp-{{ section.views[0] }})"/>
</svg>
<div class="ticks" data-ticks="{{ section.views[0] }}"></div>
{% endif %}
{% if section.lines %}
<ul class="lines{% if section.lines | length > 6 %} long" tabindex="0{% endif %}">
{% for line in section.lines %}
<li>{{ line }}</li>
{% endfor %}
</ul>
{% endif %}
{% if section.note %}
<p class="note">{{ section.note }}</p>
{% endif %}
{% if loop.first and page.has_names and not page.comparison %}
<label class="tick"><input type="checkbox" id="names" checked>{{ words("names") }}</label>
{% endif %}
</section>
{% if loop.previtem and loop.previtem.is_beside %}</div>{% endif %}

{% endfor %}
{% if page.listing %}
<section class="listing">
<h2>{{ page.listing.title }}</h2>
<input id="search" type="search" placeholder="{{ words("search") }}" aria-label="{{ words("search") }}">
<div class="rows"><p id="rows-before" hidden>
<button type="button" aria-label="{{ words("rows-before") }}"></button></p>
<table id="list"><thead><tr>
{% for heading in page.listing.headings %}
<th scope="col" data-key="{{ heading.key }}"{% if heading.is_figure %} class="figure"{% endif %}>
<button type="button">{{ heading.title }}</button></th>
{% endfor %}
</tr></thead><tbody></tbody></table>
<p id="more-rows" hidden></p>
<p id="no-rows" hidden>{{ page.listing.empty or words("no-rows") }}</p></div>
</section>
{% endif %}
<section>
<h2>{{ words("notes") }}</h2>
{% for line in page.notes %}
<p class="note">{{ line }}</p>
{% endfor %}
{% if page.listing and page.listing.note %}
<p class="note">{{ page.listing.note }}</p>
{% endif %}
</section>
</div>
</aside>
""")


_COMPARISON = _TEMPLATES.from_string("""\
<main class="comparison" data-view="{{ page.comparison.view }}" tabindex="0"
{%- if page.views[0].id != page.comparison.view %} hidden{% endif %}>
<p class="note">{{ page.comparison.note }}</p>
<table><thead><tr><td></td>
{% for name in page.comparison.compared %}
{% set view = page.view(name) %}
<th scope="col"><button type="button" data-opens="{{ name }}">{{ pictures[name] }}
<span>{{ view.title }}</span>
{% if page.comparison.remarks[loop.index0] %}
<small>{{ page.comparison.remarks[loop.index0] }}</small>
{% endif %}
</button></th>
{% endfor %}
</tr></thead><tbody>
{% for measure in page.comparison.measures %}
<tr><th scope="row">{{ measure.title }}
{%- if measure.remark %}<small>{{ measure.remark }}</small>{% endif %}</th>
{% for figure in measure.figures %}
<td class="figure{% if measure.best[loop.index0] %} best{% endif %}">{{ figure }}</td>
{% endfor %}
</tr>
{% endfor %}
</tbody></table>
</main>
""")


__all__ = ["comparison", "escape", "head", "panel"]


def head(page: Document) -> Markup:
    """Return the title, the line under it, and what stands on the map itself."""
    return Markup(_HEAD.render(page=page, words=page.words))  # noqa: S704  rendered with autoescape


def comparison(page: Document) -> Markup:
    """Return views side by side; nothing where none are compared."""
    if page.comparison is None:
        return Markup()
    pictures = {name: small_map(page, page.view(name)) for name in page.comparison.compared}
    return Markup(_COMPARISON.render(page=page, pictures=pictures))  # noqa: S704  rendered with autoescape


def panel(page: Document) -> Markup:
    """Return the panel: choice of view, legends, list, notes."""
    return Markup(_PANEL.render(page=page, words=page.words))  # noqa: S704  rendered with autoescape
