package dev.heddle.http.internal.client.call;

import dev.heddle.http.client.ContentDecoder;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The codings of bodies that a client understands: gzip, deflate, and what was plugged in. Immutable. */
public record ContentDecoders(Map<String, ContentDecoder> others) {

    /** These decoders, and for other codings those that are installed. */
    public static ContentDecoders with(List<ContentDecoder> given) {
        Map<String, ContentDecoder> others = new HashMap<>();
        for (ContentDecoder decoder : ServiceLoader.load(ContentDecoder.class, ContentDecoder.class.getClassLoader())) {
            add(others, decoder);
        }
        for (ContentDecoder decoder : given) {
            add(others, decoder);
        }
        return new ContentDecoders(Map.copyOf(others));
    }

    private static void add(Map<String, ContentDecoder> others, ContentDecoder decoder) {
        String coding = decoder.coding();
        if (!FieldSyntax.isToken(coding) || isInflated(coding) || coding.equals("identity")) {
            throw new IllegalArgumentException("not a coding to plug in: " + FieldSyntax.printable(coding));
        }
        others.put(coding.toLowerCase(Locale.ROOT), decoder);
    }

    /** The value of Accept-Encoding. */
    public String accepted() {
        var value = new StringBuilder("gzip, deflate");
        for (String coding : new TreeSet<>(others.keySet())) {
            value.append(", ").append(coding);
        }
        return value.toString();
    }

    /** Whether a Content-Encoding is gzip or deflate; a list of several is not. */
    public static boolean isInflated(String coding) {
        return switch (coding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip", "deflate" -> true;
            default -> false;
        };
    }

    /** The one that was plugged in for a Content-Encoding; null if there is none. */
    public @Nullable ContentDecoder find(String coding) {
        return others.get(coding.toLowerCase(Locale.ROOT));
    }
}
