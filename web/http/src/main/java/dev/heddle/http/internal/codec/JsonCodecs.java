package dev.heddle.http.internal.codec;

import dev.heddle.http.JsonCodec;
import dev.heddle.http.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The choice of the JSON codec: the one that was set, or the one that is installed. */
public final class JsonCodecs {

    /** What a document may have if the reader sets no other bound. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** Looked for once, when it is first needed: most programs that need one have it on their path. */
    private static final class Found {
        static final @Nullable JsonCodec CODEC = find();

        private static @Nullable JsonCodec find() {
            Iterator<JsonCodec> codecs = ServiceLoader.load(JsonCodec.class, JsonCodec.class.getClassLoader())
                    .iterator();
            return codecs.hasNext() ? codecs.next() : null;
        }
    }

    private JsonCodecs() {}

    /**
     * The codec.
     *
     * @param set what the builder was given
     * @throws IllegalStateException if there is none
     */
    public static JsonCodec codec(@Nullable JsonCodec set) {
        JsonCodec codec = set == null ? Found.CODEC : set;
        if (codec == null) {
            throw new IllegalStateException(
                    "there is no JSON codec: put dev.heddle:heddle-json on the path, or give one to json(codec)");
        }
        return codec;
    }

    /** Writes a value; a text is a document already. */
    public static byte[] write(@Nullable JsonCodec set, Object value) {
        return value instanceof String document
                ? document.getBytes(StandardCharsets.UTF_8)
                : codec(set).write(value);
    }

    /**
     * Reads a document as an instance of a class.
     *
     * @throws JsonException if it is none
     */
    public static <T> T read(@Nullable JsonCodec set, byte[] document, Class<T> type) {
        requireObject(type);
        return cast(codec(set).read(document, type), type);
    }

    /**
     * Reads the body of a request as an instance of a class.
     *
     * @throws JsonException if it is none
     */
    public static <T> T readRequest(@Nullable JsonCodec set, byte[] document, Class<T> type) {
        requireObject(type);
        return cast(codec(set).readRequest(document, type), type);
    }

    private static void requireObject(Class<?> type) {
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("use the class of the object, not " + type + ".class");
        }
    }

    private static <T> T cast(@Nullable Object value, Class<T> type) {
        if (value == null) {
            throw new JsonException("the document is null", null);
        }
        return type.cast(value);
    }

    /** Whether a body of this type is a document (RFC 6839, section 3.1). */
    public static boolean isJson(String mediaType) {
        return mediaType.equals("application/json")
                || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
    }
}
