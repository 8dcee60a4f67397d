package dev.heddle.http.internal.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A comparison with the test data of WHATWG's URL standard: each URL and each Location of http and https is the same
 * here, or a rule says why not. {@code docs/reports/urls.md} has the command and what came of it.
 */
final class WhatwgUrls {

    private static final String FAILURE = "failure";

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

    private WhatwgUrls() {}

    /** Argument: the file of tab-separated lines of input, base and what it comes to. Ends with 1 if one is unexpected. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        List<String> unexpected = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] row = line.split("\t", -1);
            String input = row[0].translateEscapes();
            String got = read(input, row[1].translateEscapes());
            String what = judge(input, got, row[2].translateEscapes());
            counts.merge(what, 1, Integer::sum);
            if (what.startsWith("UNEXPECTED")) {
                unexpected.add(line + "\t" + got);
            }
        }
        counts.forEach((what, count) -> System.out.printf("| %s | %,d |%n", what, count));
        unexpected.forEach(System.out::println);
        System.exit(unexpected.isEmpty() ? 0 : 1);
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
