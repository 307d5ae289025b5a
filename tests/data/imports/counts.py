#!/usr/bin/env python3
"""Counts what `berth pool import` and `berth lease import` must report for each sample.

    python3 counts.py [--rows] [FILE...]

prints a line for each file and verb: VERB FORMAT FILE IMPORTED REPLAYED REFUSED SKIPPED, and with --rows the verdict
of each row. Standard library only; shares no code with berth. Leases that end before NOW count as over: none of the
samples has one that ends between then and 2036.
"""
import collections
import csv
import html
import io
import ipaddress
import os
import re
import sys
from datetime import datetime, timezone

NOW = int(datetime(2026, 12, 1, tzinfo=timezone.utc).timestamp())
HERE = os.path.dirname(os.path.abspath(__file__))
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")


class Bad(Exception):
    """A row that is refused; the argument is the reason."""


# ---------------------------------------------------------------- values

def address(text):
    """An address without mask; octets without leading zeros, no zone."""
    text = text.strip()
    if re.search(r"(?:^|\.)0\d", text) or "%" in text:
        raise Bad("bad_address")
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Bad("bad_address") from None


def masked(text):
    """An address whose mask, if any, is valid and then dropped."""
    first, slash, mask = text.strip().partition("/")
    value = address(first)
    if slash and not (mask.isdigit() and int(mask) <= value.max_prefixlen):
        raise Bad("bad_address")
    return value


def network(text):
    first, slash, mask = text.strip().partition("/")
    try:
        value = address(first)
    except Bad:
        raise Bad("bad_range") from None
    if not slash or not mask.isdigit() or int(mask) > value.max_prefixlen:
        raise Bad("bad_range")
    try:
        return ipaddress.ip_network((value, int(mask)))
    except ValueError:
        raise Bad("host_bits") from None


def space(text, rd=True):
    """The space of a VRF column. 'Global', 'default' and blank are the space global; ' (RD)' is cut off."""
    text = html.unescape(text.strip())
    if rd:
        text = re.sub(r" \([^()]*\)\Z", "", text)
    if text in ("", "Global", "default", "global"):
        return "global"
    if not NAME.match(text):
        raise Bad("bad_space")
    return text


def number(text):
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text.strip()) or int(text) > 4094:
        raise Bad("bad_number")
    return int(text)


def one_of(text, allowed, reason="bad_status"):
    word = text.strip().lower() or allowed[0]
    if word not in allowed:
        raise Bad(reason)
    return word


# ---------------------------------------------------------------- reports

class Report:
    def __init__(self):
        self.rows = []          # [line, verdict, value or None]

    def add(self, line, verdict, value=None):
        self.rows.append([line, verdict, value])

    def counts(self):
        kinds = collections.Counter("replay" if v == "skip:replay" else v.split(":")[0] for _, v, _ in self.rows)
        return "%d %d %d %d" % tuple(kinds[k] for k in ("import", "replay", "refuse", "skip"))


def nested(report, found):
    """found: [(index, space, network)]. What contains another range of its space is a parent; equal ones repeat."""
    seen = set()
    nets = collections.defaultdict(set)
    for _, where, net in found:
        nets[where, net.version].add(net)
    for index, where, net in found:
        row = report.rows[index]
        if row[1] != "import":
            continue
        if any(other != net and other.subnet_of(net) for other in nets[where, net.version]):
            row[1] = "skip:parent"
        elif (where, net) in seen:
            row[1] = "skip:replay"
        seen.add((where, net))


def ranges(rows, read):
    report, found = Report(), []
    for line, row in rows:
        try:
            verdict, where, net = read(row)
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        report.add(line, verdict, (where, net) if net else None)
        if net:
            found.append((len(report.rows) - 1, where, net))
    nested(report, found)
    return report


def values(rows, read):
    """Rows of single values: the second import of one value is refused."""
    report, held = Report(), set()
    for line, row in rows:
        try:
            verdict, value = read(row)
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        if verdict.startswith("import"):
            if value in held:
                verdict = "refuse:duplicate"
            held.add(value)
        report.add(line, verdict, value)
    return report


# ---------------------------------------------------------------- text and CSV

class Unreadable(Exception):
    pass


def text_of(path):
    data = open(path, "rb").read()
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("xls")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf-8 line=%d" % (data[:error.start].count(b"\n") + 1)) from None


def records(text):
    """(line, row) of a CSV text; the delimiter is the one that its first line holds most of."""
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def table(text, start=None):
    """(line, dict) by the header; None instead of a dict where the number of columns differs."""
    rows = records(text)
    for _, header in rows:
        if start is None or header[0] == start:
            break
    for line, row in rows:
        yield line, dict(zip(header, row)) if len(row) == len(header) else None


def full(row):
    if row is None:
        raise Bad("columns")
    return row


# ---------------------------------------------------------------- NetBox, phpIPAM

PREFIX = ("active", "container", "reserved", "deprecated")
RANGE = ("active", "reserved", "deprecated")
ADDRESS = ("active", "reserved", "deprecated", "dhcp", "slaac")


def netbox_prefixes(text, col=("Prefix", "VRF", "Status")):
    def read(row):
        row = full(row)
        net = network(row[col[0]])
        status = one_of(row[col[2]], PREFIX)
        where = space(row[col[1]])
        return ("skip:container" if status == "container" else "import"), where, net
    return ranges(table(text), read)


def netbox_ranges(text, col=("Start address", "End address", "VRF", "Status")):
    report, taken = Report(), collections.defaultdict(list)
    for line, row in table(text):
        try:
            row = full(row)
            try:
                first, last = masked(row[col[0]]), masked(row[col[1]])
            except Bad:
                raise Bad("bad_range") from None
            if first.version != last.version or last < first:
                raise Bad("bad_range")
            one_of(row[col[3]], RANGE)
            where = space(row[col[2]])
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        mine = taken[where, first.version]
        verdict = "import"
        if (first, last) in mine:
            verdict = "skip:replay"
        elif any(a <= last and first <= b for a, b in mine):
            verdict = "refuse:overlap"
        else:
            mine.append((first, last))
        report.add(line, verdict, (where, first, last))
    return report


def netbox_addresses(text, col=("IP Address", "VRF", "Status")):
    def read(row):
        row = full(row)
        value = masked(row[col[0]])
        status = one_of(row[col[2]], ADDRESS)
        where = space(row[col[1]])
        return ("skip:dynamic" if status in ("dhcp", "slaac") else "import"), (where, value)
    return values(table(text), read)


def vlans(rows, pool_of, number_of, status_of, again):
    """Rows of VLANs: the pool is named after the group. A second row of a number is refused, or repeats a range."""
    report, held = Report(), set()
    for line, row in rows:
        try:
            row = full(row)
            pool = pool_of(row) or "vlans"
            value = number(number_of(row))
            status_of(row)
            if not NAME.match(pool):
                raise Bad("bad_pool")
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        report.add(line, again if (pool, value) in held else "import", (pool, value))
        held.add((pool, value))
    return report


def netbox_vlans(text, col, again):
    return vlans(table(text), lambda row: row[col[1]].strip() or row[col[2]].strip(), lambda row: row[col[0]],
                 lambda row: one_of(row[col[3]], RANGE), again)


def phpipam_subnets(text):
    def read(row):
        row = full(row)
        if row["Subnet"].endswith(" (folder)"):
            return "skip:folder", None, None
        net = network(row["Subnet"])
        return "import", space(row["VRF"], rd=False), net
    return ranges(table(text), read)


def phpipam_addresses(text):
    def read(row):
        row = full(row)
        value = address(row["IP Address"])
        where = space(row["VRF"], rd=False)
        return ("skip:dynamic" if row["Tag"] == "DHCP" else "import"), (where, value)
    return values(table(text), read)


def phpipam_one_subnet(text):
    def read(row):
        row = full(row)
        value = address(row["ip address"])
        return ("skip:dynamic" if row["tag"] == "DHCP" else "import"), value
    return values(table(text, "ip address"), read)


def phpipam_vlans(text, again):
    return vlans(table(text), lambda row: html.unescape(row["Domain"]).strip(), lambda row: row["Number"],
                 lambda row: None, again)


# ---------------------------------------------------------------- leases

def last_wins(report, verdicts):
    """verdicts: [(index, address, verdict)] of the readable rows, in file order."""
    last = {value: index for index, value, _ in verdicts}
    for index, value, verdict in verdicts:
        report.rows[index][1] = verdict if last[value] == index else "skip:superseded"


STATES = {0: "import", 1: "skip:declined", 2: "skip:reclaimed", 3: "skip:released", 4: "import"}


def kea(text, version):
    lines = text.split("\n")
    header = lines[0].split(",")
    widest = {4: 12, 6: 18}[version]
    report, verdicts = Report(), []
    for line, raw in enumerate(lines[1:], 2):
        if not raw:
            continue
        cells = raw.split(",")
        try:
            if not len(header) <= len(cells) <= max(widest, len(header)):
                raise Bad("columns")
            row = dict(zip(header, cells))
            value = address(row["address"])
            if value.version != version:
                raise Bad("bad_address")
            for column in ("valid_lifetime", "expire", "subnet_id", "state"):
                if not row[column].isdigit():
                    raise Bad("bad_field")
            state = int(row["state"])
            if state not in STATES:
                raise Bad("bad_field")
            if row.get("hwaddr") and not re.fullmatch(r"[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2})*", row["hwaddr"]):
                raise Bad("bad_field")
            if version == 4:
                if not row["hwaddr"] and not row["client_id"] and state != 1:
                    raise Bad("no_client")
                prefix = False
            else:
                if row["duid"] in ("", "00:00:00") and state != 1:
                    raise Bad("no_client")
                if row["lease_type"] not in ("0", "1", "2"):
                    raise Bad("bad_field")
                prefix = row["lease_type"] == "2"
                if prefix:
                    network("%s/%s" % (value, row["prefix_len"]))
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        verdict = STATES[state]
        if int(row["valid_lifetime"]) == 0:
            verdict = "skip:deleted"
        elif verdict == "import" and int(row["expire"]) <= NOW:
            verdict = "skip:expired"
        elif verdict == "import" and prefix:
            report.add(line, "refuse:block")
            continue
        report.add(line, "", value)
        verdicts.append((len(report.rows) - 1, value, verdict))
    last_wins(report, verdicts)
    return report


TOKEN = re.compile(r'\s+|#[^\n]*|"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"#]+', re.S)


def dhcpd_entries(text):
    """(line, address, statements or None if the entry is cut off)"""
    tokens, at = [], 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            break                       # an unfinished string: the rest is lost
        if not found.group().isspace() and found.group()[0] != "#":
            tokens.append((found.group(), text.count("\n", 0, at) + 1))
        at = found.end()
    i, depth = 0, 0
    while i < len(tokens):
        word, line = tokens[i]
        if depth == 0 and word == "lease" and i + 2 < len(tokens) and tokens[i + 2][0] == "{":
            value, inner, statement, statements, i = tokens[i + 1][0], 0, [], [], i + 3
            while i < len(tokens) and not (inner == 0 and tokens[i][0] == "}"):
                word = tokens[i][0]
                inner += {"{": 1, "}": -1}.get(word, 0)
                if inner == 0 and word in ";}":
                    statements.append(statement)
                    statement = []
                else:
                    statement.append(word)
                i += 1
            yield line, value, statements if i < len(tokens) else None
        else:
            depth += {"{": 1, "}": -1}.get(word, 0)
        i += 1


def dhcpd_time(words):
    """Seconds since the epoch, or None for never."""
    if words[0] == "never":
        return None
    if words[0] == "epoch":
        return int(words[1])
    try:
        when = datetime.strptime(words[1] + " " + words[2], "%Y/%m/%d %H:%M:%S")
    except (ValueError, IndexError):
        raise Bad("bad_time") from None
    return int(when.replace(tzinfo=timezone.utc).timestamp())


def dhcpd(text):
    report, verdicts = Report(), []
    for line, value, statements in dhcpd_entries(text):
        try:
            if statements is None:
                raise Bad("truncated")
            value = address(value)
            ends, state = None, None
            for words in statements:
                if words[:1] == ["ends"]:
                    ends = dhcpd_time(words[1:])
                elif words[:2] == ["binding", "state"]:
                    state = words[2]
        except Bad as bad:
            report.add(line, "refuse:%s" % bad)
            continue
        over = ends is not None and ends <= NOW
        if state is None:
            state = "active" if ends is not None and not over else "free"
        if state == "active":
            verdict = "skip:expired" if over else "import"
        else:
            verdict = "skip:" + state
        report.add(line, "", value)
        verdicts.append((len(report.rows) - 1, value, verdict))
    last_wins(report, verdicts)
    return report


# ---------------------------------------------------------------- NIPAP

def nipap(text, wanted):
    """A host is a lease, an assignment a range."""
    def read(row):
        rt, prefix, kind = row[:3]
        if kind not in ("host", "assignment", "reservation"):
            raise Bad("bad_type")
        if kind != wanted:
            return "skip:" + kind, None
        where = rt.replace(":", "-") or "global"
        if not NAME.match(where):
            raise Bad("bad_space")
        return "import", (where, masked(prefix) if kind == "host" else network(prefix))
    return values(records(text), read)


LOW = {
    "prefixes": ("prefix", "vrf", "status"),
    "ranges": ("start_address", "end_address", "vrf", "status"),
    "addresses": ("address", "vrf", "status"),
    "vlans": ("vid", "group", "site", "status"),
}
HIGH_VLANS = ("VID", "Group", "Site", "Status")

FILES = [
    (r"netbox\d-prefixes-export", "pool", netbox_prefixes),
    (r"netbox\d-prefixes-import", "pool", lambda t: netbox_prefixes(t, LOW["prefixes"])),
    (r"netbox\d-ip-ranges-export", "pool", netbox_ranges),
    (r"netbox\d-ip-ranges-import", "pool", lambda t: netbox_ranges(t, LOW["ranges"])),
    (r"netbox\d-ip-addresses-export", "lease", netbox_addresses),
    (r"netbox\d-ip-addresses-import", "lease", lambda t: netbox_addresses(t, LOW["addresses"])),
    (r"netbox\d-vlans-export", "pool", lambda t: netbox_vlans(t, HIGH_VLANS, "skip:replay")),
    (r"netbox\d-vlans-export", "lease", lambda t: netbox_vlans(t, HIGH_VLANS, "refuse:duplicate")),
    (r"netbox\d-vlans-import", "pool", lambda t: netbox_vlans(t, LOW["vlans"], "skip:replay")),
    (r"netbox\d-vlans-import", "lease", lambda t: netbox_vlans(t, LOW["vlans"], "refuse:duplicate")),
    (r"phpipam-subnets", "pool", phpipam_subnets),
    (r"phpipam-addresses", "lease", phpipam_addresses),
    (r"phpipam-one-subnet", "lease", phpipam_one_subnet),
    (r"phpipam-vlans", "pool", lambda t: phpipam_vlans(t, "skip:replay")),
    (r"phpipam-vlans", "lease", lambda t: phpipam_vlans(t, "refuse:duplicate")),
    (r"kea(-leases)?4", "lease", lambda t: kea(t, 4)),
    (r"kea(-leases)?6", "lease", lambda t: kea(t, 6)),
    (r"dhcpd", "lease", dhcpd),
    (r"nipap-export", "pool", lambda t: nipap(t, "assignment")),
    (r"nipap-export", "lease", lambda t: nipap(t, "host")),
]


def main(arguments):
    each = "--rows" in arguments
    paths = [a for a in arguments if a != "--rows"]
    if not paths:
        for folder in (HERE, os.path.join(HERE, "public")):
            paths += [os.path.join(folder, n) for n in sorted(os.listdir(folder))]
    for path in paths:
        base = os.path.basename(path)
        for pattern, verb, reader in FILES:
            if not re.match(pattern, base):
                continue
            try:
                report = reader(text_of(path))
            except Unreadable:
                continue
            print(verb, re.match("[a-z]+", base).group(), os.path.relpath(path, HERE), report.counts())
            if each:
                for line, verdict, value in report.rows:
                    print("   %4d  %-18s %s" % (line, verdict, "" if value is None else value))


if __name__ == "__main__":
    main(sys.argv[1:])
