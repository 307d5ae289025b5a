# Functions that the awk programs of this folder share.

BEGIN {
	c_type["bool"] = "bool "
	c_type["int"] = c_type["time"] = "int64_t "
	c_type["real"] = "double "
	c_type["text"] = c_type["json"] = "const char *"
	c_type["id"] = "struct id "
	c_type["count"] = "struct count "
	c_type["value"] = "u128 "
}

# Returns the text as it is written between the quotes of a C string.
function quote(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return text
}

# Ends the program with a reason and the place of the fault: this line, unless another is given.
function fail(why, place) {
	print (place == "" ? FILENAME ":" FNR : place) ": " why > "/dev/stderr"
	failed = 1
	exit 1
}
