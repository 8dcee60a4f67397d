package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What this parser takes, Jetty's takes too, and both find the same parts: so nobody can be told two different things.
 */
final class MultipartDifferentialTest {

    private static final String[] WORDS = {
            "\r", "\n", "\r\n", "\r\n\r\n", "--", "-", "XyZ", "Xy", "\r\n--XyZ", "\r\n--XyZ\r\n", "\r\n--XyZ--\r\n",
            "\n--XyZ", "\n--XyZ--", " ", ":", ";",
            "\"", "\\", "a", "name=\"b\"", "\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n", "\u00ff", "="
    };

    private final Random random = new Random(7);

    @Test
    void wellFormedBodiesGiveTheSameParts() {
        Sim.run(() -> {
            for (int round = 0; round < 500; round++) {
                String body = wellFormed();
                assertEquals(ours(body), jettys(body), body);
            }
        });
    }

    @Test
    void bodiesThatAreChangedAndStillTakenGiveTheSameParts() {
        int[] taken = new int[2];
        Sim.run(() -> {
            for (int round = 0; round < 20_000; round++) {
                String body = changed(wellFormed());
                List<String> ours = ours(body);
                taken[ours == null ? 0 : 1]++;
                if (ours != null) {
                    assertEquals(ours, jettys(body), body);
                }
            }
        });
        assertTrue(taken[0] > 1000 && taken[1] > 1000, taken[0] + " refused, " + taken[1] + " taken");
    }

    private String wellFormed() {
        var parts = new String[random.nextInt(4)];
        for (int i = 0; i < parts.length; i++) {
            var data = new StringBuilder();
            while (random.nextInt(6) != 0) {
                data.append(WORDS[random.nextInt(WORDS.length)]);
            }
            String text = data.toString().replace("--XyZ", "--Xyz");
            parts[i] = random.nextBoolean() ? Multipart.field("n" + i, text) : Multipart.file("n" + i, "f", text);
        }
        return Multipart.body(parts);
    }

    private String changed(String body) {
        var text = new StringBuilder(body);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
                case 1 -> text.deleteCharAt(at);
                default -> text.setCharAt(at, WORDS[random.nextInt(WORDS.length)].charAt(0));
            }
        }
        return text.toString();
    }

    private @Nullable List<String> ours(String body) {
        try {
            var reader = new MultipartReader(
                    Multipart.source(body, 1 + random.nextInt(50)), Multipart.BOUNDARY, MultipartLimits.DEFAULT);
            var parts = new ArrayList<String>();
            for (Part part : reader) {
                parts.add(part.headers().size() + ":" + Wire.text(part.bytes(1 << 20)));
            }
            return parts;
        } catch (StatusException e) {
            return null;
        }
    }

    private static @Nullable List<String> jettys(String body) {
        var parts = new ArrayList<String>();
        boolean[] ended = new boolean[2];
        var listener = new MultiPart.Parser.Listener() {
            private int headers;
            private StringBuilder data = new StringBuilder();

            @Override
            public void onPartBegin() {
                headers = 0;
                data = new StringBuilder();
            }

            @Override
            public void onPartHeader(String name, String value) {
                headers++;
            }

            @Override
            public void onPartContent(Content.Chunk chunk) {
                ByteBuffer bytes = chunk.getByteBuffer();
                while (bytes.hasRemaining()) {
                    data.append((char) (bytes.get() & 0xff));
                }
            }

            @Override
            public void onPartEnd() {
                parts.add(headers + ":" + data);
            }

            @Override
            public void onComplete() {
                ended[0] = true;
            }

            @Override
            public void onFailure(Throwable failure) {
                ended[1] = true;
            }
        };
        var parser = new MultiPart.Parser(Multipart.BOUNDARY, listener);
        parser.parse(Content.Chunk.from(ByteBuffer.wrap(Wire.latin1(body)), true));
        return ended[0] && !ended[1] ? parts : null;
    }
}
