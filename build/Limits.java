import module java.base;

/**
 * The limits of all houses as a document: {@code limits.txt} of each house names them, the sources have the numbers.
 *
 * <p>A line of such a file is a limit: {@code where | what | default | what happens at it}. Where is the constant, option
 * or class that keeps it, in back-ticks, which must be there. What is bounded is left empty where the javadoc of the
 * constant says it. The default is left empty where it is the constant's value; in other words {@code {NAME}} stands for
 * the value of a constant or an option, {@code {NAME:bytes}} for one in bytes whose name does not say so. All other lines
 * are the document's as they are; those that begin with two slashes are for people.
 *
 * <p>Usage: {@code java build/Limits.java ROOT} writes {@code docs/limits.md}; with {@code check} behind it, it compares,
 * and ends with an error if the document is another.
 */
void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    var text = new StringBuilder(HEAD);
    var sources = new Sources(root);
    for (String house : HOUSES) {
        text.append('\n').append(new House(sources, house).document().strip()).append('\n');
    }
    Path document = root.resolve("docs/limits.md");
    if (arguments.length == 1) {
        Files.writeString(document, text);
    } else if (!Files.readString(document).contentEquals(text)) {
        System.err.println(
                "docs/limits.md is not what the sources and the limits.txt of the houses say: java build/Limits.java ."
                        + " writes it anew");
        System.exit(1);
    }
}

static final List<String> HOUSES = List.of("kernel", "web", "beyond", "sight", "tool");

static final String HEAD = """
        # Limits

        <!-- Written by "java build/Limits.java .": the limits.txt of each house names the limits, the sources have the numbers. -->

        Everything is bounded. Each limit has a name, a default, and one place that enforces it.
        """;

/** The limits of a house. */
record House(Sources sources, String name) {

    private static final String TABLE = "| limit | default | what happens at it | where |\n|---|---|---|---|\n";
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*(?:\\.\\w+)*|[A-Z][A-Z0-9_]+)`");
    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)(:bytes)?}");

    String document() throws IOException {
        var text = new StringBuilder();
        boolean inTable = false;
        for (String line : Files.readAllLines(sources.root().resolve(name).resolve("limits.txt"))) {
            if (line.startsWith("//")) {
                continue;
            }
            List<String> cells = List.of(line.split(" ?\\| ?", -1));
            if (cells.size() != 4) {
                text.append(line).append('\n');
                inTable = false;
                continue;
            }
            text.append(inTable ? "" : TABLE).append(row(line, cells));
            inTable = true;
        }
        return text.toString();
    }

    private String row(String line, List<String> cells) {
        List<Member> members = new ArrayList<>(members(line, cells.get(0)));
        members.addAll(members(line, cells.get(1)));
        String what = cells.get(1).isEmpty() ? first(line, members).words(line) : cells.get(1);
        String value = cells.get(2).isEmpty()
                ? first(line, members).value(line, false)
                : filled(line, members, cells.get(2));
        return "| " + String.join(" | ", what, value, cells.get(3), cells.get(0)) + " |\n";
    }

    /** The words with the values of the members that stand in braces. */
    private static String filled(String line, List<Member> members, String words) {
        var text = new StringBuilder();
        Matcher value = VALUE.matcher(words);
        while (value.find()) {
            Member member = members.stream().filter(each -> each.name().equals(value.group(1))).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(value.group() + " is named nowhere in: " + line));
            value.appendReplacement(text, Matcher.quoteReplacement(member.value(line, value.group(2) != null)));
        }
        return value.appendTail(text).toString();
    }

    private static Member first(String line, List<Member> members) {
        return members.stream().filter(member -> !member.name().isEmpty()).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no constant or option is named in: " + line));
    }

    /** What a line names; a constant alone is one of the type before. */
    List<Member> members(String line, String where) {
        List<Member> members = new ArrayList<>();
        String type = "";
        for (MatchResult match : NAME.matcher(where).results().toList()) {
            String[] parts = match.group(1).split("\\.");
            boolean isMember = parts.length == 1 && !type.isEmpty() && parts[0].matches("[A-Z][A-Z0-9_]+")
                    && sources.of(parts[0], name).isEmpty();
            if (!isMember) {
                type = parts[0];
            }
            String source = sources.of(type, name).orElse(null);
            if (source == null && !line.startsWith(where)) {
                // What is bounded may be the JDK's.
                continue;
            }
            if (source == null) {
                throw new IllegalArgumentException("no class of ours is named " + type + ", in: " + line);
            }
            String member = isMember ? parts[0] : parts.length == 1 ? "" : parts[parts.length - 1];
            if (!member.isEmpty() && !Pattern.compile("\\b" + member + "\\b").matcher(source).find()) {
                throw new IllegalArgumentException(type + " has no " + member + ", in: " + line);
            }
            members.add(new Member(sources, name, type, source, member));
        }
        return members;
    }
}

/** The sources of all houses, by the names of their classes. */
record Sources(Path root, Map<String, Map<String, String>> types) {

    Sources(Path root) throws IOException {
        this(root, new HashMap<>());
        for (String house : HOUSES) {
            try (Stream<Path> files = Files.walk(root.resolve(house))) {
                for (Path file : files
                        .filter(file -> file.toString().replace('\\', '/').matches(".*/src/main/java/.*[.]java"))
                        .sorted().toList()) {
                    String type = file.getFileName().toString().replace(".java", "");
                    types.computeIfAbsent(type, _ -> new LinkedHashMap<>()).merge(house, Files.readString(file),
                            (one, two) -> one + two);
                }
            }
        }
    }

    /** The source of a class, of this house if it has one of that name. */
    Optional<String> of(String type, String house) {
        Map<String, String> found = types.getOrDefault(type, Map.of());
        return Optional.ofNullable(found.get(house)).or(() -> found.values().stream().findFirst());
    }
}

/** A constant or an option of a class; its name is empty for the class itself. */
record Member(Sources sources, String house, String type, String source, String name) {

    private static final Pattern DOC = Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*$",
            Pattern.DOTALL);

    /** The first sentence of its javadoc. */
    String words(String line) {
        return javadoc()
                .orElseThrow(() -> new IllegalArgumentException(type + "." + name + " has no javadoc, for: " + line));
    }

    Optional<String> javadoc() {
        Matcher declared = declared();
        if (!declared.find()) {
            return Optional.empty();
        }
        Matcher doc = DOC.matcher(source.substring(Math.max(0, declared.start() - 2_000), declared.start()));
        if (!doc.find()) {
            return Optional.empty();
        }
        String text = doc.group(1).replaceAll("\\s*\\n\\s*\\*", " ")
                .replaceAll("\\{@(?:link|linkplain|code|value) #?([^}]*)}", "`$1`")
                .replace('#', '.').replaceAll("<[^>]*>", "").strip();
        String sentence = text.split("(?<=[.])\\s+(?=[A-Z@])|;", 2)[0].replaceAll("[.]$", "").replaceAll("\\s+", " ")
                .replace("|", "/");
        return sentence.startsWith("@") || sentence.isEmpty() ? Optional.empty() : Optional.of(sentence);
    }

    /** Its declaration: of a constant, or of the accessor of an option. */
    private Matcher declared() {
        return Pattern.compile(
                "(?m)^ +(?:(?:public|private|protected|static|final) )*[\\w.<>]+ " + name + "(?: =|\\(\\) \\{|\\(\\);)")
                .matcher(source);
    }

    /** Its value, in the unit that its name or type says. */
    String value(String line, boolean isBytes) {
        return find().map(amount -> Amount.text(amount, isBytes ? "BYTES" : name)).orElseThrow(
                () -> new IllegalArgumentException(type + "." + name + " has no value that can be read, for: " + line));
    }

    Optional<Amount> find() {
        try {
            Matcher constant = Pattern
                    .compile("(?m)^ +(?:(?:public|private|static|final) )*[\\w.<>]+ " + name + "\\s*=\\s*([^;]*);")
                    .matcher(source);
            return constant.find()
                    ? Optional.of(new Expression(this, constant.group(1)).amount().inUnitOf(name))
                    : option();
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The argument that the DEFAULT of the options gives for it. */
    private Optional<Amount> option() {
        Matcher made = Pattern.compile("\\bDEFAULT\\s*=\\s*new " + type + "\\(").matcher(source);
        Matcher constructor = Pattern.compile("(?m)^    (?:private |public )?" + type + "\\(").matcher(source);
        if (!made.find() || !constructor.find()) {
            return Optional.empty();
        }
        List<String> values = arguments(source, made.end());
        List<String> parameters = arguments(source, constructor.end());
        for (int i = 0; i < Math.min(values.size(), parameters.size()); i++) {
            if (parameters.get(i).strip().endsWith(" " + name)) {
                return Optional.of(new Expression(this, values.get(i)).amount().inUnitOf(name));
            }
        }
        return Optional.empty();
    }

    /** What stands between two parentheses, cut at the commas that are in no others. */
    private static List<String> arguments(String source, int from) {
        List<String> all = new ArrayList<>();
        int depth = 0;
        int begin = from;
        for (int i = from;; i++) {
            char c = source.charAt(i);
            if (depth == 0 && (c == ',' || c == ')')) {
                all.add(source.substring(begin, i));
                begin = i + 1;
                if (c == ')') {
                    return all;
                }
            }
            depth += c == '(' || c == '<' ? 1 : c == ')' || c == '>' ? -1 : 0;
        }
    }

    /** Another constant, of this class or another one. */
    Member other(String path) {
        int dot = path.lastIndexOf('.');
        String owner = dot < 0 ? type : path.substring(0, dot).replaceAll(".*\\.", "");
        String text = dot < 0 ? source : sources.of(owner, house).orElseThrow(UnsupportedOperationException::new);
        return new Member(sources, house, owner, text, path.substring(dot + 1));
    }

    Amount amount() {
        Matcher constant = Pattern
                .compile("(?m)^ +(?:(?:public|private|static|final) )*[\\w.<>]+ " + name + "\\s*= ([^;]*);")
                .matcher(source);
        if (!constant.find()) {
            throw new UnsupportedOperationException(name);
        }
        return new Expression(this, constant.group(1)).amount().inUnitOf(name);
    }
}

/** A number, or a time in nanoseconds. */
record Amount(double number, boolean isTime) {

    private static final List<Map.Entry<String, Double>> TIMES = List.of(Map.entry("days", 86_400e9),
            Map.entry("h", 3_600e9), Map.entry("min", 60e9),
            Map.entry("s", 1e9), Map.entry("ms", 1e6), Map.entry("us", 1e3), Map.entry("ns", 1.0));

    /** As a time, if the name says a unit of one. */
    Amount inUnitOf(String name) {
        double unit = isTime || !name.matches("(.*_)?(NANOS|MILLIS|SECONDS)(_.*)?|.*[a-z](Nanos|Millis|Seconds)")
                ? 0
                : name.toUpperCase(Locale.ROOT).contains("NANOS")
                        ? 1
                        : name.toUpperCase(Locale.ROOT).contains("MILLIS") ? 1e6 : 1e9;
        return unit > 0 ? new Amount(number * unit, true) : this;
    }

    static String text(Amount amount, String name) {
        if (amount.isTime) {
            return time(amount.number);
        }
        boolean isBytes = name.toUpperCase(Locale.ROOT).contains("BYTES") && amount.number % 1024 == 0
                && amount.number > 0;
        double kib = amount.number / 1024;
        return !isBytes
                ? number(amount.number)
                : kib % (1024 * 1024) == 0
                        ? number(kib / 1024 / 1024) + " GiB"
                        : kib % 1024 == 0 ? number(kib / 1024) + " MiB" : number(kib) + " KiB";
    }

    private static String time(double nanos) {
        if (nanos == 0) {
            return "0";
        }
        for (Map.Entry<String, Double> unit : TIMES) {
            if (nanos % unit.getValue() == 0) {
                double number = nanos / unit.getValue();
                return number(number) + " " + (number == 1 ? unit.getKey().replace("days", "day") : unit.getKey());
            }
        }
        return number(nanos) + " ns";
    }

    private static String number(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%,d", (long) number)
                : String.format(Locale.ROOT, "%s", number);
    }
}

/** The right side of a constant: numbers, durations, other constants; sums, products, shifts. Anything else cannot be read. */
static final class Expression {

    private static final Pattern TOKEN = Pattern
            .compile("\\s*([0-9][0-9_]*(?:[.][0-9]+)?(?:e[0-9]+)?[LlFfDd]?|[.]?[A-Za-z_][\\w.]*|<<|[-+*/(),])");
    private static final Map<String, Double> UNITS = Map.of("Nanos", 1.0, "Micros", 1e3, "Millis", 1e6, "Seconds", 1e9,
            "Minutes", 60e9,
            "Hours", 3_600e9, "Days", 86_400e9);

    private final Member of;
    private final Deque<String> tokens = new ArrayDeque<>();

    Expression(Member of, String text) {
        this.of = of;
        Matcher token = TOKEN.matcher(text.strip());
        int end = 0;
        while (token.find() && token.start() == end) {
            tokens.add(token.group(1));
            end = token.end();
        }
        if (end < text.strip().length()) {
            throw new UnsupportedOperationException(text);
        }
    }

    Amount amount() {
        Amount amount = sum();
        if ("<<".equals(tokens.peek())) {
            tokens.poll();
            amount = new Amount((long) amount.number() << (long) sum().number(), false);
        }
        return amount;
    }

    private Amount sum() {
        Amount left = product();
        while ("+".equals(tokens.peek()) || "-".equals(tokens.peek())) {
            int sign = tokens.poll().equals("+") ? 1 : -1;
            Amount right = product();
            left = new Amount(left.number() + sign * right.number(), left.isTime());
        }
        return left;
    }

    private Amount product() {
        Amount left = factor();
        while ("*".equals(tokens.peek()) || "/".equals(tokens.peek())) {
            boolean times = tokens.poll().equals("*");
            Amount right = factor();
            left = new Amount(times ? left.number() * right.number() : Math.floor(left.number() / right.number()),
                    left.isTime() || right.isTime());
        }
        return left;
    }

    private Amount factor() {
        String token = Objects.requireNonNullElse(tokens.poll(), "");
        if (token.equals("(")) {
            Amount inner = amount();
            if (!")".equals(tokens.poll())) {
                throw new UnsupportedOperationException();
            }
            if (tokens.peek() != null && tokens.peek().matches("\\d.*|[A-Za-z(].*")) {
                throw new UnsupportedOperationException("a cast");
            }
            return inner;
        }
        if (token.matches("[0-9].*")) {
            return new Amount(Double.parseDouble(token.replace("_", "").replaceAll("[LlFfDd]$", "")), false);
        }
        if (!token.matches("[A-Za-z_].*")) {
            throw new UnsupportedOperationException(token);
        }
        return "(".equals(tokens.peek()) ? call(token) : named(token);
    }

    private Amount named(String token) {
        return switch (token) {
            case "Integer.MAX_VALUE", "Long.MAX_VALUE" -> throw new UnsupportedOperationException("no bound");
            case "Duration.ZERO" -> new Amount(0, true);
            default -> of.other(token).amount();
        };
    }

    /** {@code Duration.ofSeconds(5)}, {@code TimeUnit.SECONDS.toNanos(5)}, {@code PATIENCE.toNanos()}. */
    private Amount call(String token) {
        tokens.poll();
        Amount inner = ")".equals(tokens.peek()) ? null : amount();
        if (!")".equals(tokens.poll())) {
            throw new UnsupportedOperationException(token);
        }
        Amount result;
        Matcher unit = Pattern.compile("Duration[.]of(\\w+)|(?:TimeUnit[.])?([A-Z]+)[.]to(Nanos|Millis)")
                .matcher(token);
        if (unit.matches() && inner != null) {
            String name = unit.group(1) != null
                    ? unit.group(1)
                    : unit.group(2).charAt(0) + unit.group(2).substring(1).toLowerCase(Locale.ROOT);
            Double nanos = UNITS
                    .get(name.equals("Milliseconds") ? "Millis" : name.equals("Microseconds") ? "Micros" : name);
            if (nanos == null) {
                throw new UnsupportedOperationException(token);
            }
            result = new Amount(inner.number() * nanos, true);
        } else if (inner == null && token.matches("[\\w.]+[.]to(Nanos|Millis|Seconds)")) {
            result = of.other(token.substring(0, token.lastIndexOf('.'))).amount();
        } else {
            throw new UnsupportedOperationException(token);
        }
        if (tokens.peek() != null && tokens.peek().matches("[.]to(Nanos|Millis|Seconds)")) {
            tokens.poll();
            tokens.poll();
            tokens.poll();
        }
        return result;
    }
}
