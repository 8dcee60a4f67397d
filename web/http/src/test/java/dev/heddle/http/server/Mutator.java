package dev.heddle.http.server;

import dev.heddle.http.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes new messages of the corpus's: from a seed, so that each can be made again. */
public final class Mutator {

    private static final int MAX_BYTES = 4_000;

    /** What decides about framing, and the bytes that some reader treats apart. */
    private static final String[] WORDS = {
            "\r\n", "\r\n\r\n", "\n", "\r", "\0", " ", "\t", "\u000b", "\f", "\u007f", "\u0085", "\u00a0", "\u00ff",
            ":", ";",
            ",", "=", "\"", "\\", "#", "?", "%", "%00", "%zz", "+", "-", "_", "0", "5", "a", "f", "0x",
            "10000000000000000",
            "0\r\n\r\n", "5\r\nhello\r\n", "1;a=b\r\nx\r\n", "GET ", "POST ", "HEAD ", "OPTIONS ", "CONNECT ", "PRI * ",
            "/",
            "//", "*", "http://a", "https://", " HTTP/1.1", " HTTP/1.0", " HTTP/2.0", "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n", "Host: a\r\n", "Content-Length: ", "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: ", "Connection: close\r\n",
            "Connection: keep-alive\r\n",
            "Expect: 100-continue\r\n", "Upgrade: h2c\r\n", "chunked", "identity", " folded\r\n", "X: y\r\n"
    };

    private final List<byte[]> seeds;
    private final SplittableRandom random;

    public Mutator(List<byte[]> seeds, long seed) {
        this.seeds = seeds.stream().filter(s -> s.length <= MAX_BYTES).toList();
        this.random = new SplittableRandom(seed);
    }

    /** One of the seeds with one to six changes. */
    public byte[] next() {
        byte[] bytes = any().clone();
        for (int changes = random.nextInt(1, 7); changes > 0; changes--) {
            bytes = change(bytes);
        }
        return bytes.length <= MAX_BYTES ? bytes : Arrays.copyOf(bytes, MAX_BYTES);
    }

    private byte[] change(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(8));
        return switch (random.nextInt(8)) {
            case 0 -> splice(bytes, from, to, new byte[0]);
            case 1, 2, 3 -> splice(bytes, from, from, word());
            case 4 -> splice(bytes, from, to, word());
            case 5 -> splice(bytes, from, to, new byte[]{(byte) random.nextInt(256)});
            case 6 -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 40)));
            default -> splice(bytes, from, bytes.length, tail());
        };
    }

    private byte[] tail() {
        byte[] other = any();
        return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    }

    private byte[] word() {
        return Wire.latin1(WORDS[random.nextInt(WORDS.length)]);
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
        byte[] spliced = Arrays.copyOf(bytes, bytes.length - (to - from) + between.length);
        System.arraycopy(between, 0, spliced, from, between.length);
        System.arraycopy(bytes, to, spliced, from + between.length, bytes.length - to);
        return spliced;
    }
}
