import module java.base;

/**
 * The language of the documents: short sentences, short paragraphs, short lines, and the field's terms.
 *
 * <p>The rules are {@code sentence} (at most 25 words), {@code paragraph} (at most six lines), {@code line} (at most 120
 * characters, but for tables and pictures), {@code relative} (no sentence begins with a relative "Who", "What", "Whose") and {@code
 * phrase} (no expression of {@link #PHRASES}, which names the field's term for each). A code span counts as a word. The
 * code blocks are left out, and so are decisions, reports, changes and generated documents.
 *
 * <p>{@code build/prose.txt} has the documents that break rules still: {@code document rule count}. A count there only
 * falls; a document that is not named there breaks no rule. Usage: {@code java build/Prose.java ROOT} ends with an error
 * if there are more faults than that, and shows them; with {@code lower} behind it, it lowers the counts to those of now;
 * with a document behind it, it shows all faults of this document.
 */
void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    String command = arguments.length > 1 ? arguments[1] : "";
    Path known = root.resolve("build/prose.txt");
    Map<String, Integer> allowed = read(known);
    Map<String, Integer> lowered = new TreeMap<>();
    boolean fine = true;
    for (Path path : documents(root)) {
        String document = root.relativize(path).toString().replace('\\', '/');
        Map<String, List<Fault>> byRule = new Document(Files.readString(path)).faults().stream()
                .collect(Collectors.groupingBy(Fault::rule, TreeMap::new, Collectors.toList()));
        for (String rule : RULES) {
            List<Fault> faults = byRule.getOrDefault(rule, List.of());
            int most = allowed.getOrDefault(document + " " + rule, 0);
            boolean over = faults.size() > most;
            if (over || command.equals(document)) {
                faults.forEach(fault -> System.err.println(document + ":" + fault.line() + ": " + fault.says()));
            }
            if (over) {
                System.err
                        .println(document + " " + rule + " " + faults.size() + ", and " + most + " in build/prose.txt");
                fine = false;
            }
            if (Math.min(faults.size(), most) > 0) {
                lowered.put(document + " " + rule, Math.min(faults.size(), most));
            }
        }
    }
    if (command.equals("lower")) {
        Files.write(known, lowered.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList());
    }
    System.exit(fine ? 0 : 1);
}

static final List<String> RULES = List.of("line", "paragraph", "phrase", "relative", "sentence");

static final int MAX_WORDS = 25;

static final int MAX_LINES = 6;

static final int MAX_CHARACTERS = 120;

/** Records of what was, generated text, templates of forges, and other languages. */
static final Pattern LEFT_OUT = Pattern.compile(
        "(?:.*/)?(?:target|node_modules|[.]\\w[^/]*)/.*|docs/(?:decisions|reports|zh)/.*|changes/.*|CHANGELOG[.]md"
                + "|docs/limits[.]md|.*[.]zh-CN[.]md");

/** Expressions of a private dialect, each with the field's term. */
static final Map<Pattern, String> PHRASES = phrases("""
        who is slower | the slower side applies backpressure
        (?:is|are|was|were) held back | backpressure
        asked by https only | HTTP Strict Transport Security (HSTS)
        how (?:often|much|many) who | rate limit
        shows? who (?:he|she|it) is | authenticates, sends credentials
        who (?:he|she) is | identity, credentials
        (?:for|by|from|to|of) who(?= \\w+s?\\b) | for anyone who, for a user who
        who asks | the client, the caller
        who comes | a client, a user
        (?:goes|go|went|gone) away | disconnects, closes the connection
        (?:a|any) stranger | an unknown client
        thrown away | discarded
        (?:is|are) passed on | forwarded
        pass(?:es|ing)? on | forward, delegate, proxy
        given up | abandoned, cancelled
        gives? way | yields
        (?:is|are) told(?! apart) | receives, reads
        tells? apart | distinguishes, the key
        stands? (?:before|behind|around|beside|in place) | in front of, after, wraps, replaces
        what (?:came|comes|has come) | received data
        as ever | as usual
        that is none | invalid
        at most so many | at most N
        for so long | for that long
        so many [\\w]+s in | a limit of N
        (?:has|have|had) nothing to do with | is unrelated to
        in (?:his|her|its) hand | with
        a pool of its own kind | a dedicated pool
        the crew | worker threads
        the clerk | worker
        rings? (?:the|a) bell | wakes the loop
        at a look | at a glance
        out of the house | external
        what is left over | remainder
        makes itself | is generated
        with more patience | leniently
        nobody's word | not trusted
        by turns | alternately, round robin
        drawn by lot | chosen at random
        do(?:es)? no harm twice | idempotent
        an own | its own
        (?:is|are) the other's | the other side's
        in the world | externally
        comes about | is established, happens
        has a (?:word|say) | decides
        """);

static Map<Pattern, String> phrases(String lines) {
    Map<Pattern, String> phrases = new LinkedHashMap<>();
    lines.lines().map(line -> line.split(" [|] (?=[^|]*$)", 2))
            .forEach(line -> phrases.put(Pattern.compile("\\b(?:" + line[0] + ")\\b", Pattern.CASE_INSENSITIVE),
                    line[1]));
    return phrases;
}

static Map<String, Integer> read(Path known) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (String line : Files.exists(known) ? Files.readAllLines(known) : List.<String>of()) {
        int last = line.lastIndexOf(' ');
        counts.put(line.substring(0, last), Integer.valueOf(line.substring(last + 1)));
    }
    return counts;
}

static List<Path> documents(Path root) throws IOException {
    List<Path> documents = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
        private String name(Path path) {
            return root.relativize(path).toString().replace('\\', '/');
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return LEFT_OUT.matcher(name(directory) + "/").matches()
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md") && !LEFT_OUT.matcher(name(file)).matches()) {
                documents.add(file);
            }
            return FileVisitResult.CONTINUE;
        }
    });
    Collections.sort(documents);
    return documents;
}

record Fault(String rule, int line, String says) {}

/** A document of Markdown, read line by line: blocks of code, tables, lists and paragraphs. */
static final class Document {

    private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*+]|\\d+[.])\\s+.*");

    /** After a full stop, a question or an exclamation, before anything but a small letter. */
    private static final Pattern END = Pattern
            .compile("(?<=[.?!][)\"*_”]{0,4})(?<!\\b(?:e[.]g|i[.]e|vs|etc)[.])\\s+(?=[^a-z])");

    private static final Pattern RELATIVE = Pattern
            .compile("[*_\"(]*(?:Who|Whom|Whose|Whoever|What|Whatever)\\b.*[^?]");

    private final String[] lines;

    private final List<Fault> faults = new ArrayList<>();

    private final List<String> paragraph = new ArrayList<>();

    private int at;

    Document(String text) {
        lines = text.lines().toArray(String[]::new);
    }

    List<Fault> faults() {
        boolean code = false;
        for (at = 0; at < lines.length; at++) {
            String line = lines[at].replaceFirst("^(?:> ?)+", "");
            if (line.strip().startsWith("```")) {
                endOfParagraph();
                code = !code;
            } else if (!code) {
                prose(line);
            }
        }
        endOfParagraph();
        return faults;
    }

    private void prose(String line) {
        if (paragraph.isEmpty() && line.startsWith("    ") && !ITEM.matcher(line).matches()) {
            return; // code without a fence
        }
        if (line.strip().startsWith("|")) {
            endOfParagraph();
            cells(line);
            return;
        }
        if (lines[at].length() > MAX_CHARACTERS && !line.startsWith("![")) {
            fault("line", "a line of " + lines[at].length() + " characters: " + shown(line));
        }
        if (line.isBlank() || line.startsWith("#") || line.startsWith("<")) {
            endOfParagraph();
            phrases(plain(line));
            return;
        }
        if (ITEM.matcher(line).matches()) {
            endOfParagraph();
        }
        paragraph.add(line.replaceFirst("^\\s*(?:[-*+]|\\d+[.])\\s+", "").strip());
    }

    private void cells(String line) {
        for (String cell : line.split("(?<!\\\\)[|]")) {
            sentences(plain(cell.strip()));
        }
    }

    private void endOfParagraph() {
        if (paragraph.size() > MAX_LINES) {
            fault("paragraph", "a paragraph of " + paragraph.size() + " lines ends here");
        }
        sentences(plain(String.join(" ", paragraph)));
        paragraph.clear();
    }

    private void sentences(String text) {
        phrases(text);
        for (String sentence : END.split(text)) {
            long words = Arrays.stream(sentence.split("\\s+")).filter(word -> word.matches(".*[\\p{L}\\d].*")).count();
            if (words > MAX_WORDS) {
                fault("sentence", words + " words: " + shown(sentence));
            }
            if (RELATIVE.matcher(sentence).matches()) {
                fault("relative", "begins with a relative clause: " + shown(sentence));
            }
        }
    }

    private void phrases(String text) {
        PHRASES.forEach((phrase, term) -> phrase.matcher(text).results()
                .forEach(found -> fault("phrase", "\"" + found.group() + "\"; the field's term: " + term)));
    }

    private void fault(String rule, String says) {
        faults.add(new Fault(rule, at + 1, says));
    }

    private static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    /** Without code, pictures, addresses and marks. */
    private static String plain(String text) {
        return text.replaceAll("`+[^`]+`+", "Code").replaceAll("!\\[[^]]*]\\([^)]*\\)", "")
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("**", "");
    }
}
