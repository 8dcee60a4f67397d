package dev.heddle.examples;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The shape of a Markdown document, which stays the same in another language: its sections in their order.
 *
 * @param sections what stands before the first heading is no section
 */
record DocumentShape(List<Section> sections) {

    private static final Pattern HEADING = Pattern.compile("(#{1,6}) (.+)");

    /** A cell ends at a bar without a backslash. */
    private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

    private static final Pattern CODE = Pattern.compile("`[^`]+`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Not of a word: {@code heddle-http2} and {@code x86} are names. */
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.-])\\d+(?:[.,:]\\d+)*");

    /**
     * A part of a document under one heading.
     *
     * @param anchor the end of a link to it, as forges make it of the heading
     * @param links where links and pictures lead, in their order, tables included
     */
    record Section(String heading, int level, String anchor, List<Block> blocks, List<Table> tables,
            List<String> links) {}

    /** A block of code. */
    record Block(String language, List<String> lines) {

        private static final Pattern STRING_OR_COMMENT = Pattern.compile("(\"(?:\\\\.|[^\"\\\\])*\")|\\s*//.*");
        private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

        private String code(int line) {
            String text = lines.get(line);
            String bare = switch (language) {
                case "java", "kotlin" -> STRING_OR_COMMENT.matcher(text)
                        .replaceAll(found -> found.group(1) == null ? "" : Matcher.quoteReplacement(found.group(1)));
                case "xml" -> text.replaceAll("<!--.*?-->", "");
                case "" -> text.replaceAll("\\s//\\s.*", "");
                case "sh" -> text.replaceAll("(^|\\s)#.*", "");
                default -> text;
            };
            return bare.strip();
        }

        /** The first line, from 0, whose code is another one here, or -1; comments and drawings may be translated. */
        int differsAt(Block translation) {
            boolean drawn = language.equals("text");
            for (int i = 0; i < Math.max(lines.size(), translation.lines.size()); i++) {
                if (i >= lines.size() || i >= translation.lines.size()) {
                    return i;
                }
                boolean translated = drawn && CHINESE.matcher(translation.lines.get(i)).find();
                if (!translated && !code(i).equals(translation.code(i))) {
                    return i;
                }
            }
            return language.equals(translation.language) ? -1 : 0;
        }
    }

    /** A table; the first row is its head. */
    record Table(List<Row> rows) {

        int columns() {
            return rows.getFirst().cells.size();
        }
    }

    /** A row of a table. */
    record Row(List<String> cells) {

        /** Of its words, not of its layout. */
        String digest() {
            CRC32 digest = new CRC32();
            digest.update(toString().getBytes(StandardCharsets.UTF_8));
            return "%06x".formatted(digest.getValue() & 0xFFFFFF);
        }

        @Override
        public String toString() {
            return String.join(" | ", cells.stream().map(String::strip).toList()).strip();
        }

        /** What no translation changes: code and numbers. */
        TreeSet<String> constants() {
            TreeSet<String> constants = new TreeSet<>();
            for (String cell : cells) {
                CODE.matcher(cell).results().forEach(code -> constants.add(code.group()));
                String words = LINK.matcher(CODE.matcher(cell).replaceAll(" ")).replaceAll("] ");
                NUMBER.matcher(words).results().forEach(number -> constants.add(number.group()));
            }
            return constants;
        }
    }

    /** Reads a document. */
    static DocumentShape of(String text) {
        List<Section> sections = new ArrayList<>();
        Map<String, Integer> anchors = new HashMap<>();
        List<String> part = new ArrayList<>();
        boolean code = false;
        for (String line : text.lines().toList()) {
            code ^= line.startsWith("```");
            if (!code && HEADING.matcher(line).matches()) {
                add(sections, anchors, part);
                part.clear();
            }
            part.add(line);
        }
        add(sections, anchors, part);
        return new DocumentShape(List.copyOf(sections));
    }

    private static void add(List<Section> sections, Map<String, Integer> anchors, List<String> part) {
        var heading = part.isEmpty() ? null : HEADING.matcher(part.getFirst());
        if (heading == null || !heading.matches()) {
            return;
        }
        List<Block> blocks = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        List<String> prose = new ArrayList<>();
        for (int i = 0; i < part.size();) {
            int end = i + 1;
            if (part.get(i).startsWith("```")) {
                end += (int) part.stream().skip(end).takeWhile(line -> !line.startsWith("```")).count();
                blocks.add(new Block(part.get(i).substring(3).strip(), List.copyOf(part.subList(i + 1, end))));
                end++;
            } else if (part.get(i).startsWith("|")) {
                end += (int) part.stream().skip(end).takeWhile(line -> line.startsWith("|")).count();
                tables.add(table(part.subList(i, end)));
                prose.addAll(part.subList(i, end));
            } else {
                prose.add(part.get(i));
            }
            i = Math.min(end, part.size());
        }
        String words = CODE.matcher(String.join("\n", prose)).replaceAll(" ");
        List<String> links = LINK.matcher(words).results().map(link -> link.group(1)).toList();
        String title = heading.group(2).strip();
        sections.add(
                new Section(title, heading.group(1).length(), anchor(title, anchors), blocks, tables, links));
    }

    private static Table table(List<String> lines) {
        return new Table(
                Stream.concat(lines.stream().limit(1), lines.stream().skip(2)).map(DocumentShape::row).toList());
    }

    private static Row row(String line) {
        String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return new Row(List.of(BAR.split(inner, -1)));
    }

    private static String anchor(String heading, Map<String, Integer> used) {
        String words = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
        String plain = words.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
        int before = Objects.requireNonNull(used.merge(plain, 1, Integer::sum)) - 1;
        return before == 0 ? plain : plain + "-" + before;
    }

    /** The place of the section with this anchor, or -1. */
    int indexOf(String anchor) {
        return sections.stream().map(Section::anchor).toList().indexOf(anchor);
    }
}
