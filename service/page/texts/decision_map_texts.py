"""The words of the map."""

from __future__ import annotations

from service.languages.translated import translated

MAP_TITLE = "Where this customer is on the map"
MAP_HERE = "This customer"
MAP_SOMEWHERE = "Somewhere on this line"
MAP_ANYWHERE = "Could be anywhere: {columns} unknown"
MAP_BEYOND = "off the map: {value}"
MAP_TEXT = "Map of the segments by {x} (left to right) and {y} (bottom to top). {customer} {centres}"
MAP_TEXT_STRIP = "Map of the segments by {x} (left to right). {customer} {centres}"
MAP_TEXT_HERE = "This customer: {place}, in {segment}."
MAP_TEXT_LINE = "This customer could be anywhere along {place}."
MAP_TEXT_ANYWHERE = "This customer could be anywhere."
MAP_TEXT_CENTRE = "The centre of {segment} is at {place}."
MAP_NOTE = (
    "Colours show the predicted segment, stronger from a probability of {some} and strongest from "
    "{most}. Ringed dots are segment centres."
)
MAP_ACROSS = "Horizontal axis"
MAP_UPWARD = "Vertical axis"
MAP_HELD = "Drawn for {columns}."
MAP_HELD_TYPICAL = "{value} (the most common value, because unknown)"

translated(__name__)
