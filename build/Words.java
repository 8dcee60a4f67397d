import module java.base;

/**
 * The words that each javadoc owes: a noun of the field at the head of a type, and the version at the end of a package.
 *
 * <p>"A FIFO lock for the tasks of one loop." says what a thing is, "Who waits for the lock." asks. A package that users
 * import ends with {@code @since} and the version in which it came. Usage: {@code java build/Words.java ROOT}; ends with an
 * error if a type begins otherwise, or a package has no version.
 */
void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    boolean fine = true;
    for (String house : HOUSES) {
        try (Stream<Path> files = Files.walk(root.resolve(house))) {
            for (Path file : files.filter(path -> SOURCE.matcher(path.toString().replace('\\', '/')).matches()).sorted()
                    .toList()) {
                String first = firstSentence(Files.readString(file));
                if (NO_NOUN.contains(first.split("\\W", 2)[0])) {
                    System.err.println(root.relativize(file) + ": " + first);
                    fine = false;
                }
            }
        }
    }
    for (String house : LIBRARIES) {
        try (Stream<Path> files = Files.walk(root.resolve(house))) {
            for (Path file : files.filter(path -> PACKAGE.matcher(path.toString().replace('\\', '/')).matches())
                    .sorted()
                    .toList()) {
                if (!Files.readString(file).contains("\n * @since ")) {
                    System.err.println(root.relativize(file) + ": no @since, the version in which the package came");
                    fine = false;
                }
            }
        }
    }
    if (!fine) {
        System.err.println(
                "A type begins with a noun of the field: \"A FIFO lock for the tasks of one loop.\"; a package ends with @since.");
        System.exit(1);
    }
}

static final List<String> HOUSES = List.of("kernel", "web", "beyond", "sight", "tool", "yard");

/** The houses whose packages users import. */
static final List<String> LIBRARIES = List.of("kernel", "web", "beyond", "sight");

static final Pattern PACKAGE = Pattern.compile(".*/src/main/java/(?!.*/internal/).*/package-info[.]java");

static final Pattern SOURCE = Pattern.compile(".*/src/main/java/.*/(?!package-info|module-info)\\w+[.]java");

/** Words of questions, pronouns, and verbs as sentences begin with them. */
static final Set<String> NO_NOUN = Set
        .of(("""
                What Who Whom Whose How Whether That Which Where When Why It They We He She This These Those Something Somebody Someone Nobody Nothing \
                Everybody Everything Anybody Anything Some For About Asks Checks Counts Deletes Ends Fails Fetches Finds Fuzzes Gives Goes Holds Keeps \
                Lets Makes Passes Prints Puts Reads Rewrites Runs Says Sends Serves Shows Starts Takes Tells Turns Waits Writes""")
                .split(" "));

/** The javadoc before the one type that a file has outside of others. */
static final Pattern TYPE = Pattern.compile(
        "/\\*\\*((?:(?!\\*/).)*+)\\*/\\s*(?:@[\\w.]+(?:\\((?:[^()]|\\([^()]*\\))*\\))?\\s*)*(?:(?:public|final|abstract|sealed|non-sealed)\\s+)*"
                + "(?:class|interface|record|enum|@interface)\\s",
        Pattern.DOTALL);

static String firstSentence(String source) {
    Matcher type = TYPE.matcher(source);
    return type.find() ? type.group(1).replaceAll("\\s*\\n\\s*\\*\\s*", " ").strip().split("(?<=[.])\\s", 2)[0] : "";
}
