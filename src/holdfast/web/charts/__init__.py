"""Charts as server-rendered SVG: small pure functions from numbers to a picture.

Colours are custom properties, so one picture serves light and dark; each chart is drawn twice, for
a wide and a narrow column, so that its words keep their size; right-to-left pages get it mirrored.
Why not Vega: ``docs/decisions``.
"""
