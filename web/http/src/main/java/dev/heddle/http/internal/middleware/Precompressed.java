package dev.heddle.http.internal.middleware;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.AcceptEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The files that were compressed ahead and lie beside the uncompressed ones.
 *
 * @param coding its name in HTTP
 * @param suffix of the file's name
 */
public record Precompressed(String coding, String suffix) {

    /** The smallest first, as a rule. */
    private static final List<Precompressed> ALL = List.of(
            new Precompressed("br", ".br"), new Precompressed("zstd", ".zst"), new Precompressed("gzip", ".gz"));

    /** The path of the compressed file beside another one, in the bytes of the system. */
    public byte[] beside(byte[] path) {
        byte[] beside = Arrays.copyOf(path, path.length + suffix.length());
        System.arraycopy(suffix.getBytes(StandardCharsets.US_ASCII), 0, beside, path.length, suffix.length());
        return beside;
    }

    /** Those that the peer takes, its favourite first. */
    public static List<Precompressed> acceptedBy(Headers asked) {
        return AcceptEncoding.taken(asked, Precompressed::coding, ALL);
    }
}
