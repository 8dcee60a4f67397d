package dev.heddle.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What is fuzzed: where its messages come from, and what must hold for each. */
enum FuzzTarget {

    REQUEST_HEAD(() -> corpus("bad-requests"), FuzzTargets::requestHead),

    /** What follows the heads of the corpus's chunked requests. */
    CHUNKS(() -> CorpusFile.all("bad-requests").stream()
            .filter(f -> f.name().startsWith("5") || f.name().contains("chunk"))
            .map(f -> Wire.latin1(Wire.body(Wire.text(f.bytes()))))
            .toList(), FuzzTargets::chunks),

    REPLY(() -> corpus("bad-replies"), FuzzTargets::reply),

    TARGET(
            () -> texts("/a/b?c=d", "http://a:80/b?c", "https://[::1]/", "*", "/%2e%2e/a", "/a%2fb/../c", "a:80"),
            bytes -> FuzzTargets.target(Wire.text(bytes))),

    QUERY(
            () -> texts("a=b&c=d", "a", "=b", "a=%20+b", "%e4=%c3%a4", "&&a=b&"),
            bytes -> FuzzTargets.query(Wire.text(bytes))),

    CLIENT_URL(
            () -> texts("http://a/b?c#d", "https://[::1]:8443/", "http://b\u00fccher.example/\u00e4", "//h/a", "../b?c",
                    "http://user:secret@h/", "javascript:alert(1)"),
            bytes -> FuzzTargets.clientUrl(Wire.text(bytes))),

    HEADERS(() -> texts("X:y", "Cookie:a=b; c=d", "X:\u00e9 \u00e9", "Content-Length:5"), bytes -> {
        String text = Wire.text(bytes);
        int colon = Math.max(0, text.indexOf(':'));
        FuzzTargets.headers(text.substring(0, colon), text.substring(Math.min(text.length(), colon + 1)));
    });

    private final Supplier<List<byte[]>> seeds;
    private final Consumer<byte[]> check;

    FuzzTarget(Supplier<List<byte[]>> seeds, Consumer<byte[]> check) {
        this.seeds = seeds;
        this.check = check;
    }

    List<byte[]> seeds() {
        return seeds.get();
    }

    /** Throws if something does not hold for these bytes. */
    void check(byte[] bytes) {
        check.accept(bytes);
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
}
