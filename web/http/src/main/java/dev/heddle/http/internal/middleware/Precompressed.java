package dev.heddle.http.internal.middleware;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.AcceptEncoding;
import java.util.ArrayList;
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

    /** Those that the peer takes, its favourite first. */
    public static List<Precompressed> acceptedBy(Headers asked) {
        var left = new ArrayList<>(ALL);
        var accepted = new ArrayList<Precompressed>(ALL.size());
        while (true) {
            String best = AcceptEncoding.choose(asked, left.stream().map(Precompressed::coding).toList());
            if (best == null) {
                return accepted;
            }
            for (Precompressed candidate : ALL) {
                if (candidate.coding.equals(best)) {
                    accepted.add(candidate);
                    left.remove(candidate);
                }
            }
        }
    }
}
