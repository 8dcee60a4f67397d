package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * URLs and Locations as WHATWG's URL standard has them: each of its test data is the same here, or a rule says why not.
 * {@code docs/reports/urls.md} has where the data are from, and what came of them.
 */
final class WhatwgUrlsTest {

    private static final String FAILURE = "failure";

    /** The base of what has none. */
    private static final String BLANK = "about:blank";

    /** Where Heddle refuses what the standard takes, by what the input has: the first that fits. */
    private static final Map<String, Pattern> REFUSED = ordered(
            "user information", "(?s).*//[^/?#]*@.*|https?:/?[^/?#]*@.*",
            "a backslash, which some read as a slash", "(?s).*\\\\.*",
            "control characters, which no field can have", "(?s).*[\\x00-\\x1f\\x7f-\\x9f].*",
            "a scheme without two slashes", "https?:(/?[^/].*|)",
            "a number that programs read as other addresses", "https?://[0-9a-fA-Fx.\\uff00-\\uffff]+/?",
            "an escape in the host", "https?://[^/]*%.*",
            "a character of which IDNA 2003 and 2008 make two hosts",
            "(?s)https?://[^/]*[\\u00df\\u03c2\\u200c\\u200d].*",
            "port 0, or a colon without a port", "https?://[^/:]*:0*(/.*)?",
            "a host of dots, or with a sign that is in no name", "https?://([.]|[^/]*[.][.]|!).*",
            "a reference that begins as a scheme would, or with a bracket", "(?s)[\\[:].*",
            "no host behind two slashes", "///.*");

    /** Where Heddle takes it, and sends another target to the same host. */
    private static final Map<String, Pattern> OTHERWISE = ordered(
            "a bare percent sign becomes an escape", ".*%(?![0-9a-fA-F]{2}).*",
            "dots in a URL of the program itself stay", ".*/([.]|%2[eE]).*",
            "an apostrophe in a query stays", ".*[?].*'.*",
            "blanks around a reference become escapes, where a field has none", " .*| .* ");

    private static final String TEXT = "\"(?:[^\"\\\\]++|\\\\.)*+\"";
    private static final Pattern MEMBER = Pattern.compile("\"(\\w++)\":\\s*+(" + TEXT + "|true|null)");
    private static final Pattern ROW = Pattern.compile("\\{\\s*+(?:" + MEMBER + "\\s*+,?\\s*+)++\\}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))");

    /** A URL of the test data beside what it comes to. */
    private record Row(String input, String base, String expected) {}

    @Tag("full")
    @Test
    void eachIsTheSameOrARuleSaysWhyNot() throws IOException {
        Optional<Path> data = data();
        assumeTrue(data.isPresent(), "Debian's librust-url-dev is not installed");
        Map<String, Integer> counts = new TreeMap<>();
        List<String> unexpected = new ArrayList<>();
        for (Row row : rows(Files.readString(data.get()))) {
            String got = read(row.input, row.base);
            String what = judge(row.input, got, row.expected);
            counts.merge(what, 1, Integer::sum);
            if (what.startsWith("UNEXPECTED")) {
                unexpected.add(what + ": " + row + " is " + got);
            }
        }
        counts.forEach((what, count) -> System.out.printf("| %s | %,d |%n", what, count));
        assertEquals(List.of(), unexpected);
        assertTrue(counts.values().stream().mapToInt(Integer::intValue).sum() > 400, counts::toString);
    }

    private static Optional<Path> data() throws IOException {
        String named = System.getProperty("heddle.urls");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        Path crates = Path.of("/usr/share/cargo/registry");
        if (!Files.isDirectory(crates)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(crates, "url-[0-9]*")) {
            for (Path version : versions) {
                Path file = version.resolve("tests/urltestdata.json");
                if (Files.exists(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /** The rows about http and https; those whose base has user information are left out. */
    private static List<Row> rows(String json) {
        List<Row> rows = new ArrayList<>();
        for (Matcher row = ROW.matcher(json); row.find();) {
            Map<String, String> members = new HashMap<>();
            for (Matcher member = MEMBER.matcher(row.group()); member.find();) {
                members.put(member.group(1), text(member.group(2)));
            }
            String input = members.getOrDefault("input", "");
            String base = members.getOrDefault("base", BLANK);
            String expected = members.containsKey(FAILURE)
                    ? FAILURE
                    : members.getOrDefault("href", "").replaceFirst("(?s)#.*", "").replaceFirst("//[^/]*@", "//");
            boolean isOurs = expected.equals(FAILURE)
                    ? (base + input).matches("(?si)(about:blank)?\\s*https?:.*")
                    : expected.matches("(?s)https?:.*");
            if (isOurs && !base.contains("@")) {
                rows.add(new Row(input, base, expected));
            }
        }
        return rows;
    }

    /** A surrogate that is alone becomes what each encoder makes of it. */
    private static String text(String json) {
        if (!json.startsWith("\"")) {
            return json.equals("null") ? BLANK : json;
        }
        return ESCAPE.matcher(json.substring(1, json.length() - 1))
                .replaceAll(escape -> Matcher.quoteReplacement(escape.group(1) != null
                        ? "" + (char) Integer.parseInt(escape.group(1), 16)
                        : escape.group().replace("\\/", "/").translateEscapes()))
                .replaceAll("\\p{Cs}", "\ufffd");
    }

    private static String read(String input, String base) {
        try {
            String escaped = ClientUrl.escaped(input);
            return base.startsWith("http")
                    ? ClientUrl.parse(base.replaceAll("#.*", "")).resolve(escaped).toString()
                    : ClientUrl.parse(escaped).toString();
        } catch (IllegalArgumentException e) {
            return FAILURE;
        }
    }

    private static String judge(String input, String got, String expected) {
        if (got.equals(expected)) {
            return got.equals(FAILURE) ? "refused by both" : "the same";
        }
        if (expected.equals(FAILURE)) {
            return input.toLowerCase(Locale.ROOT).contains("xn--")
                    ? "taken: an ASCII name that IDNA does not"
                    : "UNEXPECTED: taken";
        }
        if (got.equals(FAILURE)) {
            return reason(REFUSED, "refused: ", input);
        }
        return hostOf(got).equals(hostOf(expected))
                ? reason(OTHERWISE, "otherwise: ", input)
                : "UNEXPECTED: another host";
    }

    private static String hostOf(String url) {
        return url.substring(0, (url + "/").indexOf('/', url.indexOf("//") + 2));
    }

    private static String reason(Map<String, Pattern> reasons, String how, String input) {
        return reasons.entrySet().stream()
                .filter(each -> each.getValue().matcher(input).matches())
                .map(each -> how + each.getKey())
                .findFirst()
                .orElse("UNEXPECTED: " + how);
    }

    private static Map<String, Pattern> ordered(String... reasons) {
        Map<String, Pattern> ordered = new LinkedHashMap<>();
        for (int i = 0; i < reasons.length; i += 2) {
            ordered.put(reasons[i], Pattern.compile(reasons[i + 1]));
        }
        return ordered;
    }
}
