package dev.heddle.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A decoder for a coding of reply bodies that the JDK has none for, such as zstd or br; gzip and deflate are there
 * already.
 *
 * <pre>{@code
 * public final class Brotli implements ContentDecoder {
 *     public String coding() {
 *         return "br";
 *     }
 *     public InputStream decode(InputStream coded) throws IOException {
 *         return new BrotliInputStream(coded);
 *     }
 * }
 * }</pre>
 *
 * <p>Give it to {@link HttpClient.Builder#decoder}, or name it in {@code META-INF/services} or {@code provides} and it
 * is found by {@link java.util.ServiceLoader}. The client then asks for the coding, and bounds what comes out as it
 * does for gzip, by {@link ClientLimits#maxDecodedBytes()}. What a decoder keeps in memory meanwhile is its own to
 * bound.
 *
 * <p>Threads: any task of any loop; each stream is used by one. A stream is closed at the end, and when the reply is
 * closed before.
 */
public interface ContentDecoder {

    /** The name in Content-Encoding and Accept-Encoding, in lower case (RFC 9110, section 8.4.1). */
    String coding();

    /**
     * A stream of what the other stream codes. Reading it may wait for the connection; what the other stream throws
     * must come out.
     *
     * @param coded the body as it comes, to be read to its end
     * @throws IOException if the data is malformed; from the stream as well; an {@link EOFException} if it ends early
     */
    InputStream decode(InputStream coded) throws IOException;
}
