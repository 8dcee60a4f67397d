package dev.heddle.http.server;

import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The options of serving the files below a directory.
 */
public final class FileOptions {

    /**
     * {@code index.html}, no listings, no dot files, 1,000 names, no Cache-Control, no fallback, nothing precompressed,
     * no media types of its own.
     */
    public static final FileOptions DEFAULT = new FileOptions("index.html", false, false, 1_000, "", "", false,
            Map.of());

    private final String index;
    private final boolean listing;
    private final boolean dotFiles;
    private final int maxListed;
    private final String cacheControl;
    private final String fallback;
    private final boolean precompressed;
    private final Map<String, String> contentTypes;

    private FileOptions(String index, boolean listing, boolean dotFiles, int maxListed, String cacheControl,
            String fallback, boolean precompressed, Map<String, String> contentTypes) {
        Objects.requireNonNull(index);
        Checks.atLeast("maxListed", maxListed, 1);
        FieldSyntax.checkValue("Cache-Control", cacheControl);
        if (fallback.indexOf('/') >= 0 || fallback.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("fallback is the name of a file in the directory itself");
        }
        contentTypes = Map.copyOf(contentTypes);
        contentTypes.forEach((extension, type) -> {
            if (!isExtension(extension)) {
                throw new IllegalArgumentException(
                        "not the end of a file's name behind its last dot, in lower case: "
                                + FieldSyntax.printable(extension));
            }
            FieldSyntax.checkValue("Content-Type", type);
            if (type.indexOf('/') < 1) {
                throw new IllegalArgumentException("not a media type: " + FieldSyntax.printable(type));
            }
        });
        this.index = index;
        this.listing = listing;
        this.dotFiles = dotFiles;
        this.maxListed = maxListed;
        this.cacheControl = cacheControl;
        this.fallback = fallback;
        this.precompressed = precompressed;
        this.contentTypes = contentTypes;
    }

    /** The file that stands for its directory. */
    public String index() {
        return index;
    }

    /** Whether a directory without such a file is listed. */
    public boolean listing() {
        return listing;
    }

    /** Whether names that start with a dot are shown; {@code .well-known} always is. */
    public boolean dotFiles() {
        return dotFiles;
    }

    /** Most names in a listing; a longer one says that it is cut. */
    public int maxListed() {
        return maxListed;
    }

    /** The Cache-Control field of every file, such as {@code max-age=3600}; empty for none. */
    public String cacheControl() {
        return cacheControl;
    }

    /**
     * A file of the directory that answers, with 200, for paths that do not exist, if the peer asks for HTML in so many
     * words as a browser does that goes to a page: the {@code index.html} of an application with its own paths. It is
     * always sent with {@code Cache-Control: no-cache}. Empty for none.
     */
    public String fallback() {
        return fallback;
    }

    /**
     * Whether {@code a.js.br}, {@code a.js.zst} or {@code a.js.gz} is sent in place of {@code a.js} to peers that
     * understand it, if it lies beside it and is not older.
     */
    public boolean precompressed() {
        return precompressed;
    }

    /** Media types by extension, in lower case and without its dot, that come before those that Heddle knows. */
    public Map<String, String> contentTypes() {
        return contentTypes;
    }

    /** With another name of the file that stands for its directory. */
    public FileOptions withIndex(String index) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /**
     * With listings, or without. What is not served is not listed either: names with a backslash, a colon or a control
     * character, which mean other things in paths and URLs.
     */
    public FileOptions withListing(boolean listing) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /** With names that start with a dot, or without. */
    public FileOptions withDotFiles(boolean dotFiles) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /** With another bound for listings. */
    public FileOptions withMaxListed(int maxListed) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /** With another Cache-Control field, or none if it is empty. */
    public FileOptions withCacheControl(String cacheControl) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /** With another file for paths that do not exist, or none if it is empty. */
    public FileOptions withFallback(String fallback) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /** With compressed files in place of others, or without. */
    public FileOptions withPrecompressed(boolean precompressed) {
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed,
                contentTypes);
    }

    /**
     * With a media type for files whose names end so, in place of the one that Heddle knows, or of {@code
     * application/octet-stream}.
     *
     * @param extension what stands behind the last dot of a name, in any case, such as {@code geotiff}
     * @param type the whole field, such as {@code image/tiff; application=geotiff}
     * @throws IllegalArgumentException if the extension is empty or has a dot or a slash, or the type is no media type
     */
    public FileOptions withContentType(String extension, String type) {
        var types = new HashMap<>(contentTypes);
        types.put(extension.toLowerCase(Locale.ROOT), type);
        return new FileOptions(index, listing, dotFiles, maxListed, cacheControl, fallback, precompressed, types);
    }

    private static boolean isExtension(String text) {
        return !text.isEmpty()
                && text.equals(text.toLowerCase(Locale.ROOT))
                && text.chars().noneMatch(c -> c == '.' || c == '/' || c == '\\');
    }

    @Override
    public String toString() {
        return "FileOptions[index=" + index + ", listing=" + listing + ", dotFiles=" + dotFiles + ", maxListed="
                + maxListed + ", cacheControl=" + cacheControl + ", fallback=" + fallback + ", precompressed="
                + precompressed + ", contentTypes=" + contentTypes + "]";
    }
}
