package dev.heddle.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every parser with thousands of messages made from the corpus by a seed; a failure names the bytes. The profile {@code fuzz}
 * does the same led by coverage, for as long as one likes.
 */
final class FuzzTest {

    /** Another seed and another count come from the command line. */
    private static final long SEED = Long.getLong("heddle.fuzz.seed", 1);

    private static final int COUNT = Integer.getInteger("heddle.fuzz.count", 4_000);

    private static void each(List<byte[]> seeds, Consumer<byte[]> target) {
        var mutator = new Mutator(seeds, SEED);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = mutator.next();
            try {
                target.accept(bytes);
            } catch (Throwable e) {
                throw new AssertionError("message " + i + ": " + WireNotation.show(Wire.text(bytes)), e);
            }
        }
    }

    private static List<byte[]> corpus(String folder) {
        return CorpusFile.all(folder).stream().map(CorpusFile::bytes).toList();
    }

    private static List<byte[]> texts(String... texts) {
        var seeds = new ArrayList<byte[]>();
        for (String text : texts) {
            seeds.add(Wire.latin1(text));
        }
        return seeds;
    }

    /** What follows the heads of the corpus's chunked requests. */
    static List<byte[]> bodies() {
        return CorpusFile.all("bad-requests").stream()
                .filter(f -> f.name().startsWith("5") || f.name().contains("chunk"))
                .map(f -> Wire.latin1(Wire.body(Wire.text(f.bytes()))))
                .toList();
    }

    @Test
    void requestHeadsAreReadOneWay() {
        each(corpus("bad-requests"), FuzzTargets::requestHead);
    }

    @Test
    void chunkedBodiesAreReadOneWayAndByTheBook() {
        each(bodies(), FuzzTargets::chunks);
    }

    @Test
    void repliesAreReadOneWay() {
        each(corpus("bad-replies"), FuzzTargets::reply);
    }

    @Test
    void targetsAreTakenApartOrRefused() {
        each(
                texts("/a/b?c=d", "http://a:80/b?c", "https://[::1]/", "*", "/%2e%2e/a", "/a%2fb/../c", "a:80"),
                bytes -> FuzzTargets.target(Wire.text(bytes)));
    }

    @Test
    void queriesAreTakenApartOrRefused() {
        each(texts("a=b&c=d", "a", "=b", "a=%20+b", "%e4=%c3%a4", "&&a=b&"), bytes -> FuzzTargets.query(Wire.text(bytes)));
    }

    @Test
    void urlsAreTakenApartOrRefused() {
        each(
                texts("http://a/b?c#d", "https://[::1]:8443/", "http://b\u00fccher.example/\u00e4", "//h/a", "../b?c",
                        "http://user:secret@h/", "javascript:alert(1)"),
                bytes -> FuzzTargets.clientUrl(Wire.text(bytes)));
    }

    @Test
    void headersThatCanBeMadeAreReadAsTheyWereMade() {
        each(texts("X:y", "Cookie:a=b; c=d", "X:\u00e9 \u00e9", "Content-Length:5"), bytes -> {
            String text = Wire.text(bytes);
            int colon = Math.max(0, text.indexOf(':'));
            FuzzTargets.headers(text.substring(0, colon), text.substring(Math.min(text.length(), colon + 1)));
        });
    }
}
