package dev.heddle.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Responses with files: conditions (RFC 9110, section 13) first, then ranges (section 14).
 *
 * <p>The entity tag is made of the time of the last change, as exact as the file system has it, and the length. It is a
 * strong one: a program that changes a file twice in one tick of the file system's clock without changing its length gets
 * what it asked for.
 */
final class FileResponses {

    private FileResponses() {}

    /** A 200 with the whole file. */
    static Response whole(OpenFile file, String contentType) {
        return new Response(200, described(file, contentType), body(file, 0, file.size()));
    }

    /** The answer to a GET or HEAD for a file. Takes the file over unless it throws. */
    static Response conditional(Request request, OpenFile file, String contentType) {
        Headers asked = request.headers();
        Headers described = described(file, contentType);
        if (preconditionFails(asked, file)) {
            file.close();
            return Answers.error(412, StatusLines.phrase(412));
        }
        if (isNotModified(asked, file)) {
            file.close();
            return new Response(304, described.without("Content-Type"), ResponseBody.None.NONE);
        }
        String field = request.method().equals("GET") ? asked.first("Range") : null;
        ByteRange range = field == null || !rangeApplies(asked, file) ? null : ByteRange.parse(field, file.size());
        if (range == null) {
            return new Response(200, described, body(file, 0, file.size()));
        }
        if (range.length() == 0) {
            file.close();
            return Answers.error(416, StatusLines.phrase(416)).withHeader("Content-Range", "bytes */" + file.size());
        }
        long last = range.offset() + range.length() - 1;
        Headers partial = described.with("Content-Range", "bytes " + range.offset() + "-" + last + "/" + file.size());
        return new Response(206, partial, body(file, range.offset(), range.length()));
    }

    private static Headers described(OpenFile file, String contentType) {
        return Headers.of(
                "Content-Type", contentType,
                "ETag", etag(file),
                "Last-Modified", DateLine.FORMAT.format(file.modified()),
                "Accept-Ranges", "bytes",
                "X-Content-Type-Options", "nosniff");
    }

    private static ResponseBody body(OpenFile file, long offset, long length) {
        if (!file.isLoaded()) {
            return new ResponseBody.FilePart(file, offset, length);
        }
        byte[] content = file.content();
        boolean all = offset == 0 && length == content.length;
        return new ResponseBody.Bytes(
                all ? content : Arrays.copyOfRange(content, (int) offset, (int) (offset + length)));
    }

    static String etag(OpenFile file) {
        Instant modified = file.modified();
        return '"' + Long.toHexString(modified.getEpochSecond()) + '-' + Integer.toHexString(modified.getNano()) + '-'
                + Long.toHexString(file.size()) + '"';
    }

    private static boolean preconditionFails(Headers asked, OpenFile file) {
        String match = asked.first("If-Match");
        if (match != null) {
            return !hasTag(asked, "If-Match", etag(file), false);
        }
        Instant since = date(asked.first("If-Unmodified-Since"));
        return since != null && seconds(file.modified()) > seconds(since);
    }

    private static boolean isNotModified(Headers asked, OpenFile file) {
        if (asked.contains("If-None-Match")) {
            return hasTag(asked, "If-None-Match", etag(file), true);
        }
        Instant since = date(asked.first("If-Modified-Since"));
        return since != null && seconds(file.modified()) <= seconds(since);
    }

    private static boolean rangeApplies(Headers asked, OpenFile file) {
        String condition = asked.first("If-Range");
        if (condition == null || condition.equals(etag(file))) {
            return true;
        }
        return condition.equals(DateLine.FORMAT.format(file.modified()));
    }

    /** Whether a list of entity tags has this one, or is a star. Tags of this server have no commas. */
    private static boolean hasTag(Headers asked, String field, String tag, boolean weakToo) {
        for (String value : asked.all(field)) {
            for (String element : value.split(",", -1)) {
                String candidate = element.strip();
                if (weakToo && candidate.startsWith("W/")) {
                    candidate = candidate.substring(2);
                }
                if (candidate.equals(tag) || candidate.equals("*")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A date in the one form that is still made; a condition with any other is as if it were not there. */
    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.from(DateLine.FORMAT.parse(text));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static long seconds(Instant instant) {
        return instant.getEpochSecond();
    }
}
