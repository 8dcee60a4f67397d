package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.ParameterFault;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.DigestAlgorithm;
import dev.heddle.http.internal.codec.DigestCheck;
import dev.heddle.http.internal.codec.DigestFields;
import dev.heddle.http.internal.server.ResponseBody;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Middleware that guards bodies with digests (RFC 9530): finds those that were damaged on the way, and lets peers find
 * them. TLS does so for each connection; this does so from end to end, through proxies and stores.
 *
 * <p><b>Requests.</b> A body whose {@code Content-Digest} or {@code Repr-Digest} is that of other bytes gets 400, as a
 * problem that names the field. The read that finds the end of the body says so: a handler that acts before it has read all
 * has acted by then. One that reads nothing checks nothing. A {@code Repr-Digest} beside a
 * {@code Content-Range} is of more than the body, and left to the handler.
 *
 * <p><b>Responses.</b> {@code Want-Content-Digest} and {@code Want-Repr-Digest} are heard: a body in memory gets the
 * field, and a streamed one of unknown length a trailer, but over HTTP/1.0. Files, and streams whose length is known, get none, nor does what
 * the handler has given one. A part (206) gets no {@code Repr-Digest}.
 *
 * <p>Algorithms are {@code sha-256} and {@code sha-512}; others are ignored. A field that is malformed is refused as one
 * that does not match.
 *
 * <p>Put it outside of {@link Compression}, since digests are of the bytes that are sent; inside, they are left out where
 * a body is compressed.
 *
 * <p>Threads and cancellation are those of the handler. To test code that uses it, send a digest of other bytes.
 */
public final class ContentDigests implements Middleware {

    /** All that is said above. */
    public static final ContentDigests DEFAULT = new ContentDigests();

    /** Between pieces of so many bytes others run. */
    private static final int PIECE_BYTES = 64 * 1024;

    private ContentDigests() {}

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        check(request);
        Response response = next.handle(request);
        try {
            return digested(request, response);
        } catch (Throwable e) {
            response.body().release();
            throw e;
        }
    }

    private static void check(Request request) {
        try {
            DigestCheck check = DigestCheck.of(request.headers(), !request.headers().contains("Content-Range"));
            if (check != null) {
                var copy = new CheckedCopy(check, request);
                request.copyBody(copy);
                if (request.contentLength().orElse(-1) == 0) {
                    copy.finish();
                }
            }
        } catch (DigestCheck.Mismatch e) {
            throw refused(e);
        }
    }

    private static StatusException refused(DigestCheck.Mismatch e) {
        return new StatusException(e.reason(),
                List.of(new ParameterFault(ParameterFault.In.HEADER, e.field(), "the digest of the body", "")));
    }

    private record CheckedCopy(DigestCheck check, Request request) implements Response.Copy {

        @Override
        public void add(byte[] bytes, int offset, int count) {
            check.add(bytes, offset, count);
        }

        @Override
        public void finish() {
            try {
                check.end(request.trailers());
            } catch (DigestCheck.Mismatch e) {
                throw refused(e);
            }
        }

        @Override
        public void discard() {}
    }

    // ---- responses ----

    /** A field that a response gets, by an algorithm. */
    private record Wanted(String field, DigestAlgorithm algorithm) {}

    private static Response digested(Request request, Response response) {
        List<Wanted> wanted = new ArrayList<>(2);
        boolean isHead = request.method().equals("HEAD");
        if (!isHead) {
            add(wanted, request, response, DigestFields.CONTENT);
        }
        if (response.status() != 206) {
            add(wanted, request, response, DigestFields.REPRESENTATION);
        }
        if (wanted.isEmpty() || response.status() == 204 || response.status() == 304) {
            return response;
        }
        return switch (response.body()) {
            case ResponseBody.Bytes(byte[] bytes) -> withFields(response, wanted, bytes);
            case ResponseBody.Streamed streamed when !isHead && streamed.length() == ResponseBody.UNKNOWN
                    && !request.version().equals("HTTP/1.0") ->
                withTrailers(response, wanted);
            default -> response;
        };
    }

    private static void add(List<Wanted> wanted, Request request, Response response, String field) {
        if (!response.headers().contains(field)) {
            Optional<DigestAlgorithm> algorithm = DigestFields.wanted(request.headers(), field);
            algorithm.ifPresent(known -> wanted.add(new Wanted(field, known)));
        }
    }

    private static Response withFields(Response response, List<Wanted> wanted, byte[] bytes) {
        Headers headers = response.headers();
        for (Wanted each : wanted) {
            MessageDigest sum = each.algorithm.begin();
            for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
                sum.update(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
                if (at > 0) {
                    Heddle.checkpoint();
                }
            }
            headers = headers.with(each.field, each.algorithm.fieldOf(sum.digest()));
        }
        return response.withOnlyHeaders(headers);
    }

    private static Response withTrailers(Response response, List<Wanted> wanted) {
        var sums = new Sums(wanted.stream().map(each -> each.algorithm.begin()).toList());
        Supplier<Headers> own = response.trailers();
        String names = String.join(", ", wanted.stream().map(Wanted::field).toList());
        return response.withAddedHeader("Trailer", names).withCopy(sums).withTrailers(() -> {
            Headers trailers = own.get();
            for (int i = 0; i < wanted.size(); i++) {
                Wanted each = wanted.get(i);
                trailers = trailers.contains(each.field)
                        ? trailers
                        : trailers.with(each.field, each.algorithm.fieldOf(sums.sums.get(i).digest()));
            }
            return trailers;
        });
    }

    private record Sums(List<MessageDigest> sums) implements Response.Copy {

        @Override
        public void add(byte[] bytes, int offset, int count) {
            for (MessageDigest sum : sums) {
                sum.update(bytes, offset, count);
            }
        }

        @Override
        public void finish() {}

        @Override
        public void discard() {}
    }

    @Override
    public String toString() {
        return "ContentDigests";
    }
}
