package dev.heddle.http.internal.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The media types of files by their names, and the charset in a media type. */
public final class ContentTypes {

    private static final String UNKNOWN = "application/octet-stream";

    /** Beside this class: {@code name: type}, one in a line. */
    private static final String LIST = "content-types.txt";

    private static final Map<String, String> BY_EXTENSION = read();

    /** Text under other names than {@code text/}, {@code +json} and {@code +xml} (2026-11); others go as they are. */
    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/json", "application/javascript", "application/xml", "application/wasm",
            "application/x-ndjson", "application/jsonl", "application/json5", "application/yaml", "application/toml",
            "application/sql", "application/graphql", "application/rtf", "application/x-sh", "application/x-tex",
            "font/ttf", "font/otf", "image/bmp", "image/x-icon");

    private ContentTypes() {}

    private static Map<String, String> read() {
        try (InputStream list = Objects.requireNonNull(ContentTypes.class.getResourceAsStream(LIST), LIST)) {
            return new String(list.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toUnmodifiableMap(entry -> entry[0], entry -> entry[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The type of a file with this name. */
    public static String of(String fileName) {
        return of(fileName, Map.of());
    }

    /**
     * The type of a file with this name.
     *
     * @param own types by extension, in lower case, that come before the known ones
     */
    public static String of(String fileName, Map<String, String> own) {
        int dot = fileName.lastIndexOf('.');
        if (dot < 0) {
            return UNKNOWN;
        }
        String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        String type = own.get(extension);
        return type == null ? BY_EXTENSION.getOrDefault(extension, UNKNOWN) : type;
    }

    /**
     * Whether bodies of this type get shorter when they are compressed. Events have to leave at once and one by one.
     */
    public static boolean isCompressible(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip()
                .toLowerCase(Locale.ROOT);
        return (type.startsWith("text/") && !type.equals("text/event-stream"))
                || type.endsWith("+json") || type.endsWith("+xml") || COMPRESSIBLE.contains(type);
    }

    /** The charset parameter of a media type as it is written, maybe in quotes; null if there is none. */
    public static @Nullable String charset(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        String[] parts = contentType.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.regionMatches(true, 0, "charset=", 0, 8)) {
                return part.substring(8);
            }
        }
        return null;
    }
}
