# SPDX-License-Identifier: GPL-3.0-or-later
# Checks every #include against rooms.txt.
#
#	awk -f rooms.awk tests/lint/rooms.txt src/net/wire.c ui/main.c ...
#
# Paths are relative to the top of the tree.  Prints "file:line: fault" and
# ends with status 1 if there was one.

function fault(text)
{
	print FILENAME ":" FNR ": " text
	faults++
}

function begins(text, start)
{
	return substr(text, 1, length(start)) == start
}

# Whether the file or folder of the current file is in the list.
function is_at(places,    list, n, i)
{
	n = split(places, list, " ")
	for (i = 1; i <= n; i++)
		if (FILENAME == list[i] ||
		    (list[i] ~ /\/$/ && begins(FILENAME, list[i])))
			return 1
	return 0
}

function read_rule(    at, key, value)
{
	if ($0 ~ /^[ \t]*(#|$)/)
		return
	at = index($0, ": ")
	key = at ? substr($0, 1, at - 1) : substr($0, 1, length($0) - 1)
	value = at ? substr($0, at + 2) : ""
	if (!at && $0 !~ /:$/)
		fault("no rule: " $0)
	else if (key == "free")
		free = free " " value " "
	else if (key ~ / not$/) {
		sub(/ not$/, "", key)
		not_here[key] = value
	} else if (key ~ /^"/)
		only[substr(key, 2, length(key) - 2)] = value
	else if (key ~ /^<.*>$/)
		exact[key] = value
	else if (key ~ /^</)
		prefix[key] = value
	else
		rooms[key] = " " value " "
}

# The room a file belongs to; a unit test belongs to the room it tests.
function room_of(file,    part, n, name)
{
	n = split(file, part, "/")
	if (part[1] == "ui")
		return "ui"
	if (part[1] == "src")
		return part[2]
	name = part[n]
	sub(/[_.].*/, "", name)
	return name
}

function check_system(header,    p)
{
	if (is_test)
		return
	if (header in exact) {
		if (!is_at(exact[header]))
			fault(header " belongs to " exact[header])
		return
	}
	for (p in prefix)
		if (begins(header, p)) {
			if (!is_at(prefix[p]))
				fault(header " belongs to " prefix[p])
			return
		}
	if (index(free, " " header " ") == 0)
		fault(header " has no place in rooms.txt")
}

function check_inside_ui(header, folder,    place, list, n, i)
{
	for (place in not_here) {
		if (!begins(FILENAME, place))
			continue
		n = split(not_here[place], list, " ")
		for (i = 1; i <= n; i++)
			if (header == list[i] || folder "/" == list[i])
				fault(place " may not include \"" header "\"")
	}
}

function check_own(header,    folder)
{
	if (header !~ /\//) {
		# Headers at the top of ui/, and what the tests share.
		if (room != "ui" && !is_test)
			fault("\"" header "\" names no room")
		return
	}
	folder = header
	sub(/\/.*/, "", folder)
	if ((header in only) && !is_test && !is_at(only[header]))
		fault("\"" header "\" is only for " only[header])
	if (folder == room)
		return
	if (folder ~ /^(term|view|pane|command|screen)$/) {
		if (room != "ui")
			fault(room " may not include the interface: \"" \
				header "\"")
		else
			check_inside_ui(header, folder)
		return
	}
	if (!(folder in rooms))
		fault("\"" header "\" is in no room")
	else if (index(rooms[room], " " folder " ") == 0)
		fault(room " may not include " folder ": \"" header "\"")
	else if (header ~ /(\/|_)private\.h$/)
		fault("\"" header "\" is private to " folder)
	else
		check_inside_ui(header, folder)
}

BEGIN { rules = ARGV[1] }

FILENAME == rules {
	read_rule()
	next
}

FNR == 1 {
	room = room_of(FILENAME)
	is_test = begins(FILENAME, "tests/")
	if (!(room in rooms))
		fault("no room called " room)
}

/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
	header = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
	if (header ~ /^"/) {
		sub(/^"/, "", header)
		sub(/".*/, "", header)
		check_own(header)
	} else {
		sub(/>.*/, ">", header)
		check_system(header)
	}
}

END { exit faults > 0 }
