package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.Quality;
import java.util.List;
import java.util.Locale;
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
        if (!asked.contains("Accept-Encoding")) {
            return null;
        }
        String best = null;
        int bestWeight = Math.max(0, weight(asked, "identity", false));
        for (String coding : codings) {
            int weight = weight(asked, coding, true);
            if (weight > 0 && (best == null ? weight >= bestWeight : weight > bestWeight)) {
                best = coding;
                bestWeight = weight;
            }
        }
        return best;
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
