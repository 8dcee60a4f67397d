package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.Conditions;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.ByteRange;
import dev.heddle.http.internal.syntax.HttpDate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The responses with files: conditions (RFC 9110, section 13) first, then ranges (section 14).
 *
 * <p>The entity tag is made of the time of the last change, as exact as the file system has it, the length and the
 * coding. It is a strong one: a program that changes a file twice in one tick of the file system's clock without
 * changing its length gets what it asked for.
 */
final class FileResponses {

    private FileResponses() {}

    /** A 200 with the whole file. */
    static Response whole(OpenFile file, String contentType) {
        return new RealResponse(200, described(file, contentType, etag(file, "")), body(file, 0, file.size()));
    }

    /**
     * The answer to a GET or HEAD for a file. Takes the file over unless it throws.
     *
     * @param coding of the file's content, or empty
     */
    static Response conditional(Request request, OpenFile file, String contentType, String coding) {
        Headers asked = request.headers();
        String tag = etag(file, coding);
        if (Conditions.fail(asked, tag, file.modified())) {
            file.close();
            return ErrorResponse.of(412, StatusLines.phrase(412));
        }
        Headers described = described(file, contentType, tag);
        if (!coding.isEmpty()) {
            described = described.withAdded("Content-Encoding", coding);
        }
        if (Conditions.isNotModified(asked, tag, file.modified())) {
            file.close();
            return new RealResponse(304, described.without("Content-Type").without("Content-Encoding"),
                    ResponseBody.None.NONE);
        }
        String field = request.method().equals("GET") ? asked.first("Range") : null;
        List<ByteRange> ranges = field == null || !Conditions.rangeApplies(asked, described)
                ? null
                : ByteRange.parse(field, file.size());
        if (ranges == null) {
            return new RealResponse(200, described, body(file, 0, file.size()));
        }
        if (ranges.isEmpty()) {
            file.close();
            return ErrorResponse.of(416, StatusLines.phrase(416)).withHeader("Content-Range",
                    "bytes */" + file.size());
        }
        if (ranges.size() > 1) {
            return ManyRanges.response(file, contentType, described, ranges);
        }
        ByteRange range = ranges.getFirst();
        Headers partial = described.with("Content-Range", range.of(file.size()));
        return new RealResponse(206, partial, body(file, range.offset(), range.length()));
    }

    private static Headers described(OpenFile file, String contentType, String tag) {
        return Headers.of(
                "Content-Type", contentType,
                "ETag", tag,
                "Last-Modified", HttpDate.format(file.modified()),
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

    private static String etag(OpenFile file, String coding) {
        Instant modified = file.modified();
        return '"' + Long.toHexString(modified.getEpochSecond()) + '-' + Integer.toHexString(modified.getNano()) + '-'
                + Long.toHexString(file.size()) + (coding.isEmpty() ? "" : "-" + coding) + '"';
    }
}
