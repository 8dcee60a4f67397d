package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The codings of bodies that a client understands: gzip, deflate, and what was plugged in. Immutable. */
record ContentDecoders(Map<String, ContentDecoder> others) {

    /** These decoders, and for other codings those that are installed. */
    static ContentDecoders with(List<ContentDecoder> given) {
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
        if (!FieldSyntax.isToken(coding) || InflatingBody.knows(coding) || coding.equals("identity")) {
            throw new IllegalArgumentException("not a coding to plug in: " + FieldSyntax.printable(coding));
        }
        others.put(coding.toLowerCase(Locale.ROOT), decoder);
    }

    /** The value of Accept-Encoding. */
    String accepted() {
        var value = new StringBuilder("gzip, deflate");
        for (String coding : new TreeSet<>(others.keySet())) {
            value.append(", ").append(coding);
        }
        return value.toString();
    }

    /**
     * Decodes a body.
     *
     * @param coding the value of Content-Encoding; a list of several is none that is known
     * @param limit most bytes that may come out
     * @param what names the request in errors
     * @return null if the coding is not known
     */
    @Nullable ReplyBody decode(String coding, ReplyBody body, long limit, Object what) {
        if (InflatingBody.knows(coding)) {
            return InflatingBody.of(body, coding, limit, what);
        }
        ContentDecoder decoder = others.get(coding.toLowerCase(Locale.ROOT));
        return decoder == null ? null : new DecodedBody(body, decoder, limit, what);
    }
}
