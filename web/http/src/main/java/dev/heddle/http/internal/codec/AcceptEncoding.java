package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.Quality;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
        record Taken<T>(T element, int weight) {}
        int least = Math.max(1, weight(asked, "identity", false));
        return all.stream()
                .map(element -> new Taken<>(element, weight(asked, coding.apply(element), true)))
                .filter(taken -> taken.weight >= least)
                .sorted(Comparator.comparingInt(taken -> -taken.weight))
                .map(Taken::element)
                .toList();
    }

    /** From 0 for never to 1000, or -1 if it is not spoken of. */
    private static int weight(Headers asked, String coding, boolean starCounts) {
        int star = -1;
        for (String field : asked.all("Accept-Encoding")) {
            for (String element : field.split(",", -1)) {
                int semicolon = element.indexOf(';');
                String name = (semicolon < 0 ? element : element.substring(0, semicolon)).strip()
                        .toLowerCase(Locale.ROOT);
                if (name.equals(coding) || name.equals("x-" + coding)) {
                    return Quality.of(semicolon < 0 ? "" : element.substring(semicolon + 1));
                }
                if (starCounts && name.equals("*")) {
                    star = Quality.of(semicolon < 0 ? "" : element.substring(semicolon + 1));
                }
            }
        }
        return star;
    }
}
