package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.AcceptEncoding;
import dev.heddle.http.internal.codec.DeflatingOutput;
import dev.heddle.http.internal.codec.DigestFields;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.middleware.CompressedBody;
import dev.heddle.http.internal.middleware.Vary;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.internal.Checks;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Middleware that compresses responses with gzip or deflate for peers that take it (RFC 9110, section 8.4.1).
 *
 * <p>Left alone is what gains nothing or must not change: small bodies, media that are compressed already, parts (206),
 * events, and responses with a {@code Content-Encoding} of their own or {@code Cache-Control: no-transform}. A strong
 * entity tag becomes a weak one, since other bytes are sent. A flush of a streamed body reaches the peer. Large files
 * are compressed while they are sent, each time anew: {@link FileOptions#precompressed()} costs less.
 *
 * <p>Compression tells secrets: who can make a page repeat his own text beside a secret, and see how long the encrypted
 * response is, guesses the secret letter by letter (BREACH). Keep tokens out of pages that repeat what a request says,
 * or send those with {@code no-transform}.
 *
 * <p>Threads and cancellation are those of the handler; a body in memory is compressed in the handler's task, large
 * ones in pieces that let others run. To test code that uses it, ask with and without {@code Accept-Encoding: gzip}.
 */
public final class Compression implements Middleware {

    /** Level 6, from 1,024 bytes on. */
    public static final Compression DEFAULT = new Compression(6, 1_024);

    /** Larger bodies are compressed piece by piece while they are sent. */
    private static final int MAX_AT_ONCE = 256 * 1024;

    private static final List<String> CODINGS = List.of("gzip", "deflate");

    private final int level;
    private final int minBytes;

    private Compression(int level, int minBytes) {
        Checks.inRange("level", level, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION);
        Checks.notNegative("minBytes", minBytes);
        this.level = level;
        this.minBytes = minBytes;
    }

    /** 1 for the fastest to 9 for the smallest. */
    public int level() {
        return level;
    }

    /** Bodies of a known length below this are sent as they are. */
    public int minBytes() {
        return minBytes;
    }

    /** With another level. */
    public Compression withLevel(int level) {
        return new Compression(level, minBytes);
    }

    /** With another length from which on bodies are compressed. */
    public Compression withMinBytes(int minBytes) {
        return new Compression(level, minBytes);
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        Response response = next.handle(request);
        try {
            return response.status() == 304 ? notModified(request, response) : compressed(request, response);
        } catch (Throwable e) {
            response.body().release();
            throw e;
        }
    }

    private Response compressed(Request request, Response response) throws Exception {
        if (!mayBeCompressed(response)) {
            return response;
        }
        Headers headers = Vary.on(response.headers(), "Accept-Encoding");
        String coding = AcceptEncoding.choose(request.headers(), CODINGS);
        if (coding == null) {
            return response.withOnlyHeaders(headers);
        }
        ResponseBody body = coded(request, response.body(), coding.equals("gzip"));
        if (body == null) {
            return response.withOnlyHeaders(headers);
        }
        Supplier<Headers> trailers = response.trailers();
        return new RealResponse(response.status(), described(headers, coding), body,
                () -> DigestFields.removed(trailers.get()));
    }

    /** The tag of a 304 is the one that the peer has. */
    private static Response notModified(Request request, Response response) {
        Headers headers = Vary.on(response.headers(), "Accept-Encoding");
        String tag = headers.first("ETag");
        String asked = request.headers().first("If-None-Match");
        boolean weak = tag != null && asked != null && asked.contains("W/" + tag);
        return new RealResponse(304, weak ? headers.with("ETag", "W/" + tag) : headers, response.body());
    }

    private boolean mayBeCompressed(Response response) {
        Headers headers = response.headers();
        int status = response.status();
        long length = response.body().length();
        return status != 204 && status != 206 && length != 0
                && (length == ResponseBody.UNKNOWN || length >= minBytes)
                && !headers.contains("Content-Encoding")
                && !RequestHead.listHas(headers, "Cache-Control", "no-transform")
                && ContentTypes.isCompressible(headers.first("Content-Type"));
    }

    private static Headers described(Headers headers, String coding) {
        String tag = headers.first("ETag");
        Headers described = DigestFields.removed(headers).with("Content-Encoding", coding).without("Accept-Ranges");
        return tag == null || tag.startsWith("W/") ? described : described.with("ETag", "W/" + tag);
    }

    /** The body in another coding; null if that would make it longer. */
    private @Nullable ResponseBody coded(Request request, ResponseBody body, boolean gzip) throws Exception {
        // For HEAD nothing is made, and a length could only be wrong.
        boolean isHead = request.method().equals("HEAD");
        if (!isHead && body instanceof ResponseBody.Bytes(byte[] bytes) && bytes.length <= MAX_AT_ONCE) {
            byte[] coded = atOnce(bytes, gzip);
            return coded.length < bytes.length ? new ResponseBody.Bytes(coded) : null;
        }
        return new ResponseBody.Streamed(ResponseBody.UNKNOWN, new CompressedBody(body, level, gzip));
    }

    private byte[] atOnce(byte[] bytes, boolean gzip) throws Exception {
        var coded = new ByteArrayOutputStream(Math.max(64, bytes.length / 3));
        try (var out = new DeflatingOutput(coded, level, gzip)) {
            out.write(bytes);
            out.finish();
        }
        return coded.toByteArray();
    }

    @Override
    public String toString() {
        return "Compression[level=" + level + ", minBytes=" + minBytes + "]";
    }
}
