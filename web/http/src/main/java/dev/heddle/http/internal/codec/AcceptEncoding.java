package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The codings of a body that a peer takes (RFC 9110, section 12.5.3). */
public final class AcceptEncoding {

    private AcceptEncoding() {}

    /**
     * The coding that the peer likes best.
     *
     * @param codings in small letters, best first where the peer does not mind
     * @return one of them; null if it takes none of them as gladly as a plain body
     */
    public static @Nullable String choose(Headers asked, List<String> codings) {
        List<String> taken = taken(asked, Function.identity(), codings);
        return taken.isEmpty() ? null : taken.getFirst();
    }

    /**
     * Those that the peer takes as gladly as a plain body, its favourite first.
     *
     * @param coding of each, in small letters
     * @param all best first where the peer does not mind
     */
    public static <T> List<T> taken(Headers asked, Function<T, String> coding, List<T> all) {
        if (!asked.contains("Accept-Encoding")) {
            return List.of();
        }
        int least = Math.max(1, weight(asked, "identity", false));
        var taken = new ArrayList<T>(all.size());
        var weights = new int[all.size()];
        for (T element : all) {
            int weight = weight(asked, coding.apply(element), true);
            if (weight >= least) {
                int at = taken.size();
                for (; at > 0 && weights[at - 1] < weight; at--) {
                    weights[at] = weights[at - 1];
                }
                weights[at] = weight;
                taken.add(at, element);
            }
        }
        return taken;
    }

    /** From 0 for never to 1000, or -1 if it is not spoken of. */
    private static int weight(Headers asked, String coding, boolean starCounts) {
        int star = -1;
        for (String field : asked.all("Accept-Encoding")) {
            int end;
            for (int start = 0; start <= field.length(); start = end + 1) {
                end = endOf(field, ',', start, field.length());
                int nameEnd = endOf(field, ';', start, end);
                if (isName(field, start, nameEnd, coding)) {
                    return weightBehind(field, nameEnd, end);
                }
                if (starCounts && isName(field, start, nameEnd, "*")) {
                    star = weightBehind(field, nameEnd, end);
                }
            }
        }
        return star;
    }

    private static int endOf(String field, char end, int from, int limit) {
        int at = field.indexOf(end, from, limit);
        return at < 0 ? limit : at;
    }

    /** Whether a part of a field is a name, alone or behind "x-", with blanks around it. */
    private static boolean isName(String field, int from, int to, String name) {
        int start = from;
        int end = to;
        while (start < end && isBlank(field.charAt(start))) {
            start++;
        }
        while (start < end && isBlank(field.charAt(end - 1))) {
            end--;
        }
        if (field.regionMatches(true, start, "x-", 0, 2)) {
            start += 2;
        }
        return end - start == name.length() && field.regionMatches(true, start, name, 0, name.length());
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int weightBehind(String field, int nameEnd, int end) {
        return Quality.of(nameEnd == end ? "" : field.substring(nameEnd + 1, end));
    }
}
