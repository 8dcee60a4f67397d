import module java.base;

/**
 * The lines of code of each house, beside what it may have: {@code build/budget.txt} has both the houses and the numbers.
 *
 * <p>Counted is main Java without blank lines, comments and imports: a wall between two rooms costs imports, which do
 * nothing. What only grows with the number of options and figures is not counted either: the types of {@link #GROWING}, and
 * the records of {@link #FIGURES} behind an interface of them. Usage: {@code java build/Budget.java ROOT}; ends with an error if a house has more.
 */
void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    List<House> houses = houses(root.resolve("build/budget.txt"));
    boolean fits = true;
    long all = 0;
    for (House house : houses) {
        long lines = house.lines(root, houses);
        all += lines;
        fits &= lines <= house.budget;
        System.out.printf("%-8s %,7d lines of code, of %,7d%s%n", house.name, lines, house.budget,
                lines > house.budget ? ": too many" : "");
    }
    System.out.printf("%-8s %,7d lines of code%n", "all", all);
    if (!fits) {
        System.err
                .println("A house has grown beyond its budget: look for what the new code replaces. A higher number in"
                        + " build/budget.txt takes a record in docs/decisions.");
        System.exit(1);
    }
}

static final Pattern GROWING = Pattern.compile(
        ".*(Options|Limits|Config|Timeouts|Policy|Faults|FaultPlan|Statistics)\\.java");

static final Pattern FIGURES = Pattern.compile("record \\w+\\([^{]*implements \\w+Statistics \\{\\s*}");

/** @param folders all that is in them is of this house, but for folders below that another one has */
record House(String name, long budget, List<String> folders) {

    long lines(Path root, List<House> all) throws IOException {
        List<Path> others = all.stream().filter(house -> house != this)
                .flatMap(house -> house.folders.stream()).map(root::resolve).toList();
        long lines = 0;
        for (String folder : folders) {
            Path top = root.resolve(folder);
            try (Stream<Path> files = Files.walk(top)) {
                for (Path file : files.filter(path -> isCounted(path.toString().replace('\\', '/'))).toList()) {
                    if (others.stream().noneMatch(other -> other.startsWith(top) && file.startsWith(other))) {
                        lines += lines(FIGURES.matcher(Files.readString(file)).replaceAll("").lines().toList());
                    }
                }
            }
        }
        return lines;
    }

    private static boolean isCounted(String path) {
        return path.endsWith(".java") && path.contains("/src/main/java/") && !GROWING.matcher(path).matches();
    }

    private static long lines(List<String> source) {
        long count = 0;
        boolean inComment = false;
        boolean inText = false;
        for (String line : source) {
            String rest = line.startsWith("import ") ? "" : line.strip();
            boolean isCode = inText && !rest.isEmpty();
            while (!rest.isEmpty()) {
                if (inComment || inText) {
                    int end = rest.indexOf(inComment ? "*/" : "\"\"\"");
                    rest = end < 0 ? "" : rest.substring(end + (inComment ? 2 : 3)).strip();
                    inComment &= end < 0;
                    inText &= end < 0;
                    continue;
                }
                if (rest.startsWith("//")) break;
                Matcher token = TOKEN.matcher(rest);
                inComment = rest.startsWith("/*");
                inText = rest.startsWith("\"\"\"");
                isCode |= !inComment;
                rest = rest.substring(inComment ? 2 : inText ? 3 : token.lookingAt() ? token.end() : 1).strip();
            }
            count += isCode ? 1 : 0;
        }
        return count;
    }

    /** Literals, in which what looks like a comment is none, and what is surely no comment. */
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])++'|[^\"'/]++");
}

List<House> houses(Path file) throws IOException {
    var houses = new ArrayList<House>();
    for (String line : Files.readAllLines(file)) {
        String[] words = line.split("#", 2)[0].strip().split("\\s+");
        if (words.length > 2) {
            houses.add(new House(words[0], Long.parseLong(words[1]), List.of(words).subList(2, words.length)));
        }
    }
    return houses;
}
