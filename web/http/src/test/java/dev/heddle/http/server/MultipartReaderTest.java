package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.codec.BodySource;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts as they come: framing, headers, limits. */
final class MultipartReaderTest {

    @TempDir
    private Path temp;

    private static List<String> parse(String body) {
        return in(() -> Multipart.parse(body, Integer.MAX_VALUE, MultipartLimits.DEFAULT));
    }

    private static int status(String body) {
        return status(body, MultipartLimits.DEFAULT);
    }

    private static int status(String body, MultipartLimits limits) {
        return in(() -> {
            try {
                Multipart.parse(body, 7, limits);
                return 200;
            } catch (StatusException e) {
                return e.status();
            }
        });
    }

    private static <T> T in(Callable<T> body) {
        return Sim.run(body);
    }

    private final List<String> seen = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder().post("/", r -> {
        for (Part part : r.multipart()) {
            seen.add(part + " " + part.text(1000));
        }
        return Response.text("ok");
    });

    @Test
    void partsComeInOrderWithNamesFilenamesAndData() {
        assertEquals(
                List.of("a=1", "f(x.txt)=line\r\n--XyY\n\r", "a=", "=no name"),
                parse(Multipart.body(
                        Multipart.field("a", "1"),
                        Multipart.file("f", "x.txt", "line\r\n--XyY\n\r"),
                        Multipart.field("a", ""),
                        Multipart.field("", "no name"))));
        assertEquals(List.of(), parse("--XyZ--\r\n"));
    }

    @Test
    void everySplitGivesTheSameParts() {
        String body = "\r\n" + Multipart.body(
                Multipart.field("a", "\r\r\n\r\n--\r\n--X\r\n--Xy\r\r\n-"),
                Multipart.file("f", "x", ""),
                Multipart.file("g", "y", "\r\n--XyY".repeat(5)));
        List<String> whole = parse(body);
        assertEquals(3, whole.size());
        in(() -> {
            for (int piece = 1; piece < body.length(); piece++) {
                assertEquals(whole, Multipart.parse(body, piece, MultipartLimits.DEFAULT), "pieces of " + piece);
            }
            return true;
        });
    }

    @Test
    void bodyThatEndsAtAnyByteGets400AndNoLoop() {
        String body = Multipart.body(Multipart.field("a", "1"), Multipart.file("f", "x", "\r\ndata"));
        for (int end = 0; end < body.length() - 2; end++) {
            assertEquals(400, status(body.substring(0, end)), "cut at " + end);
        }
        assertEquals(200, status(body.substring(0, body.length() - 2)));
        assertEquals(400, status(body.substring(0, body.length() - 1)));
    }

    @Test
    void everyByteThatIsChangedEndsWithPartsOrAnError() {
        String body = Multipart.body(Multipart.field("a", "1"), Multipart.file("f", "x", "data"));
        in(() -> {
            for (int at = 0; at < body.length(); at++) {
                for (char c : "\r\n-:;\"= \0\u00ff".toCharArray()) {
                    String changed = body.substring(0, at) + c + body.substring(at + 1);
                    try {
                        assertTrue(Multipart.parse(changed, 5, MultipartLimits.DEFAULT).size() <= 2, changed);
                    } catch (StatusException e) {
                        assertTrue(e.status() == 400 || e.status() == 415, changed);
                    }
                }
            }
            return true;
        });
    }

    @Test
    void randomBytesBetweenDelimitersComeOutAsTheyWentIn() {
        var random = new Random(42);
        in(() -> {
            for (int round = 0; round < 300; round++) {
                var data = new StringBuilder();
                while (random.nextInt(40) != 0) {
                    data.append(new String[]{"\r", "\n", "\r\n", "--", "-", "X", "Xy", "\r\n--Xy", "a", "\0",
                            "\u00ff"}[random.nextInt(11)]);
                }
                if (data.indexOf("\n--XyZ") < 0) {
                    assertEquals(List.of("n=" + data), Multipart.parse(
                            Multipart.body(Multipart.field("n", data.toString())), 1 + random.nextInt(30),
                            MultipartLimits.DEFAULT));
                }
            }
            return true;
        });
    }

    @Test
    void delimiterInsideOfDataIsADelimiter() {
        assertEquals(400, status(Multipart.body(Multipart.field("a", "1\r\n--XyZabc\r\n2"))));
        assertEquals(400, status(Multipart.body(Multipart.field("a", "1\r\n--XyZ--\r\nmore"))));
        assertEquals(400, status(Multipart.body(Multipart.field("a", "1\r\n--XyZ\r\nno header"))));
        assertEquals(400, status(Multipart.body(Multipart.field("a", "1\n--XyZ\n2"))));
        assertEquals(400, status(Multipart.body(Multipart.field("a", "\n--XyZ"))));
        assertEquals(200, status(Multipart.body(Multipart.field("a", "1\n--XyY--XyZ"))));
    }

    @Test
    void onlyALineEndMayStandAroundTheParts() {
        String body = Multipart.body(Multipart.field("a", "1"));
        assertEquals(List.of("a=1"), parse("\r\n" + body));
        assertEquals(List.of("a=1"), parse(body.replace("XyZ\r\n", "XyZ \t\r\n")));
        assertEquals(List.of("a=1"), parse(body.replace("XyZ--\r\n", "XyZ-- \r\n")));
        for (String bad : List.of(
                "preamble\r\n" + body, "\r\n\r\n" + body, "\n" + body, body + "\r\n", body + "x", body + body,
                body.replace("XyZ\r\n", "XyZ" + " ".repeat(65) + "\r\n"),
                body.replace("XyZ--\r\n", "XyZ--" + " ".repeat(65) + "\r\n"),
                body.replace("\r\n", "\n"), body.replace("--XyZ\r\n", "--XyZ\n"), body.replace("--XyZ--", "--XyZ-"))) {
            assertEquals(400, status(bad), bad);
        }
    }

    @Test
    void partWithoutDataMayLeaveItsLineEndToTheDelimiter() {
        assertEquals(
                List.of("a=", "b=2"),
                parse("--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n--XyZ\r\n"
                        + Multipart.field("b", "2") + "\r\n--XyZ--\r\n"));
    }

    @Test
    void boundariesHaveOneToSeventyCharactersThatARFCAllows() {
        for (String good : List.of("a", "a".repeat(70), "\"a b'()+_,-./:=?c\"", "----=_Part.1", "\"a\";x=y")) {
            String plain = good.contains("\"") ? good.substring(1, good.indexOf('"', 1)) : good;
            String body = Multipart.body(Multipart.field("a", "1")).replace("XyZ", plain);
            String type = "multipart/form-data; boundary=" + good;
            assertEquals(200, Wire.status(Wire.ask(server, Multipart.post(type, body))), good);
        }
        for (String bad : List.of(
                "", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=" + "a".repeat(71), "; boundary=a@b",
                "; boundary=\"a \"", "; boundary=\"a", "; boundary=\u00e4", "; boundary=a; boundary=b",
                "; boundary=a b",
                "; boundary=\"a\"b", "; boundary=\"a\\\"b\"")) {
            String answer = Wire.ask(server, Multipart.post("multipart/form-data" + bad, "--a--\r\n"));
            assertEquals(400, Wire.status(answer), bad);
        }
        assertEquals(415, Wire.status(Wire.ask(server, Multipart.post("multipart/mixed; boundary=a", "--a--\r\n"))));
        assertEquals(415, Wire.status(Wire.ask(server, Multipart.post("text/plain", "--a--\r\n"))));
    }

    @Test
    void headersOfPartsAreStrict() {
        String name = "Content-Disposition: form-data; name=\"a\"\r\n";
        assertEquals(List.of("a=1"), parse(Multipart.body("X-Other:\t y \r\n" + name + "Content-Type: a/b\r\n\r\n1")));
        assertEquals(List.of("a=1"), parse(Multipart.body("content-disposition:FORM-DATA;NAME=a;\r\n\r\n1")));
        for (String bad : List.of(
                "\r\n1", "Content-Type: a/b\r\n\r\n1", name + name + "\r\n1",
                name + "Content-Type: a\r\n".repeat(2) + "\r\n1",
                name + " folded\r\n\r\n1", "Content-Disposition : form-data; name=\"a\"\r\n\r\n1",
                name + "no colon\r\n\r\n1",
                name + ": no name\r\n\r\n1", name + "X: \0\r\n\r\n1", name + "X: a\rb\r\n\r\n1",
                name + "X: a\nb\r\n\r\n1",
                name + "X\u00e4: a\r\n\r\n1", "Content-Disposition: attachment; name=\"a\"\r\n\r\n1",
                "Content-Disposition: form-data\r\n\r\n1", "Content-Disposition: form-data; name=\"a\r\n\r\n1",
                "Content-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n1",
                "Content-Disposition: form-data; name=\"a\"; filename=a; filename=b\r\n\r\n1",
                "Content-Disposition: form-data name=\"a\"\r\n\r\n1", "Content-Disposition: form-data; name=\r\n\r\n1",
                "Content-Disposition: form-data; name*=UTF-8''a\r\n\r\n1")) {
            assertEquals(400, status(Multipart.body(bad)), bad);
        }
    }

    @Test
    void partsThatAreCodedGet415() {
        for (String field : List.of(
                "Content-Encoding: gzip", "Transfer-Encoding: chunked", "Content-Transfer-Encoding: base64",
                "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: x")) {
            String part = "Content-Disposition: form-data; name=\"a\"\r\n" + field + "\r\n\r\n1";
            assertEquals(415, status(Multipart.body(part)), field);
        }
        for (String field : List.of("binary", "8BIT", "7bit")) {
            String part = "Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: " + field
                    + "\r\n\r\n1";
            assertEquals(200, status(Multipart.body(part)), field);
        }
    }

    @Test
    void lengthOfAPartThatIsWrongGets400() {
        for (String length : List.of("2", "4", "", "-3", "+3", "3 3", "99999999999999999999", "0x3")) {
            String part = "Content-Disposition: form-data; name=\"a\"\r\nContent-Length: " + length + "\r\n\r\nabc";
            assertEquals(400, status(Multipart.body(part)), length);
        }
        assertEquals(List.of("a=abc"), parse(Multipart.body(
                "Content-Disposition: form-data; name=\"a\"\r\nContent-Length: 3\r\n\r\nabc")));
    }

    @Test
    void filenamesComeAsTheyWereSent() {
        for (String sent : List.of(
                "../../etc/passwd", "C:\\dir\\a.txt", "a%00b%0d%0a%22", "", ".", "a;b=c", "x'y", "a".repeat(7000))) {
            assertEquals(List.of("f(" + sent + ")=d"), parse(Multipart.body(Multipart.file("f", sent, "d"))));
        }
        assertEquals(List.of("f(a\"b\\c)=d"), parse(Multipart.body(Multipart.file("f", "a\\\"b\\\\c", "d"))));
        String utf8 = new String("\u00e4\u20ac".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals(List.of("f(\u00e4\u20ac)=d"), parse(Multipart.body(Multipart.file("f", utf8, "d"))));
        assertEquals(List.of("f(\ufffd)=d"), parse(Multipart.body(Multipart.file("f", "\u00ff", "d"))));
        // RFC 7578, section 4.2: such a parameter must not be sent, so it counts for nothing.
        assertEquals(List.of("f(a)=d"), parse(Multipart.body(
                "Content-Disposition: form-data; name=f; filename=a; filename*=UTF-8''evil; filename*0=b\r\n\r\nd")));
    }

    @Test
    void filenameOf64KiBNeedsALimitThatAllowsIt() {
        String part = Multipart.body(Multipart.file("f", "n".repeat(65_536), "d"));
        assertEquals(413, status(part));
        MultipartLimits wide = MultipartLimits.DEFAULT.withMaxPartHeaderBytes(70_000);
        in(() -> {
            var reader = new MultipartReader(Multipart.source(part, 1000), Multipart.BOUNDARY, wide);
            Part file = reader.next().orElseThrow();
            assertEquals(65_536, file.filename().orElseThrow().length());
            assertEquals(200, file.safeFilename().orElseThrow().length());
            return true;
        });
    }

    @Test
    void eachLimitGets413WhileTheBodyIsStillComing() {
        MultipartLimits limits = MultipartLimits.DEFAULT
                .withMaxParts(2)
                .withMaxPartHeaderBytes(100)
                .withMaxFieldBytes(5)
                .withMaxFileBytes(6)
                .withMaxTotalBytes(400);
        assertEquals(200, status(Multipart.body(Multipart.field("a", "123"), Multipart.field("b", "45")), limits));
        assertEquals(413, status(Multipart.body(Multipart.field("a", "123"), Multipart.field("b", "456")), limits));
        assertEquals(200, status(Multipart.body(Multipart.file("a", "b", "123456")), limits));
        assertEquals(413, status(Multipart.body(Multipart.file("a", "b", "1234567")), limits));
        String part = Multipart.field("a", "");
        assertEquals(413, status(Multipart.body(part, part, part), limits));
        assertEquals(413, status(Multipart.body("X: " + "y".repeat(100) + "\r\n" + part), limits));
        assertEquals(413, status("--XyZ\r\nX: " + "y".repeat(200), limits));
        assertEquals(413, status("--XyZ\r\n" + "X:\r\n".repeat(50), limits));
        assertEquals(413, status("--XyZ\r\n" + Multipart.file("a", "b", "1234567"), limits));
        assertEquals(413, status("--XyZ\r\n" + part + "\r\n--XyZ" + " ".repeat(400), limits.withMaxTotalBytes(60)));
        assertThrows(IllegalArgumentException.class, () -> limits.withMaxParts(0));
    }

    @Test
    void oneMillionTinyPartsGet413() {
        String part = "--XyZ\r\n" + Multipart.field("a", "") + "\r\n";
        assertEquals(413, status(part.repeat(2000)));
        String answer = Wire.ask(server, Multipart.post(part.repeat(300_000)));
        assertEquals(413, Wire.status(answer));
    }

    @Test
    void announcedLengthBeyondTheLimitGets413AtOnce() {
        var limited = HttpServer.builder().post("/", r -> {
            r.multipart(MultipartLimits.DEFAULT.withMaxTotalBytes(10));
            return Response.text("ok");
        });
        assertEquals(413, Wire.status(Wire.ask(limited, Multipart.post("x".repeat(11)))));
    }

    @Test
    void whatIsLeftOfAPartIsPassedOver() {
        in(() -> {
            String body = Multipart.body(Multipart.file("a", "b", "0123456789".repeat(10_000)),
                    Multipart.field("c", "d"));
            var reader = new MultipartReader(Multipart.source(body, 1000), Multipart.BOUNDARY, MultipartLimits.DEFAULT);
            Part first = reader.next().orElseThrow();
            assertEquals(Optional.of("text/plain"), first.contentType());
            var few = new byte[3];
            assertEquals(3, first.read(few));
            assertArrayEquals(Wire.latin1("012"), few);
            assertEquals(0, first.read(few, 0, 0));
            Part second = reader.next().orElseThrow();
            assertThrows(IllegalStateException.class, () -> first.read(few));
            assertEquals("d", second.text(1));
            assertEquals(-1, second.read(few));
            assertEquals(Optional.empty(), reader.next());
            assertEquals(Optional.empty(), reader.next());
            assertFalse(reader.iterator().hasNext());
            return true;
        });
    }

    @Test
    void partCanBeReadByteByByteAndAsAStream() {
        in(() -> {
            String body = Multipart.body(Multipart.file("a", "b", "01\r\n--Xy9"), Multipart.field("c", "stream"));
            var reader = new MultipartReader(Multipart.source(body, 1000), Multipart.BOUNDARY, MultipartLimits.DEFAULT);
            Part first = reader.next().orElseThrow();
            var text = new StringBuilder();
            var one = new byte[1];
            while (first.read(one) == 1) {
                text.append((char) one[0]);
            }
            assertEquals("01\r\n--Xy9", text.toString());
            assertEquals("stream", Wire.text(reader.next().orElseThrow().inputStream().readAllBytes()));
            return true;
        });
    }

    @Test
    void boundOfTheCallersOwnGets413() {
        in(() -> {
            String body = Multipart.body(Multipart.field("a", "1234"));
            var reader = new MultipartReader(Multipart.source(body, 3), Multipart.BOUNDARY, MultipartLimits.DEFAULT);
            Part part = reader.next().orElseThrow();
            assertEquals(413, assertThrows(StatusException.class, () -> part.bytes(3)).status());
            return true;
        });
    }

    @Test
    void textOfAPartHonoursItsCharset() {
        String part = "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=latin1\r\n\r\n\u00e4";
        assertEquals(200, Wire.status(Wire.ask(server, Multipart.post(Multipart.body(part)))));
        assertEquals(List.of("Part[\"a\"] \u00e4"), seen);
        assertEquals(415,
                Wire.status(Wire.ask(server, Multipart.post(Multipart.body(part.replace("latin1", "nope"))))));
    }

    /** Makes a call that is cancelled after a second again and again until it returns. */
    private static <T> T again(Callable<T> call) {
        Optional<T> result = Optional.empty();
        while (result.isEmpty()) {
            result = Heddle.moveOnAfter(Duration.ofSeconds(1), call);
        }
        return result.get();
    }

    @Test
    void cancelledReadHasTakenNothingAndNextCanBeAskedAgain() {
        var parts = new ArrayList<String>();
        ServerLimits patient = ServerLimits.DEFAULT.withMinRate(1).withTransferGrace(Duration.ofHours(1));
        var slow = HttpServer.builder().limits(patient).post("/", r -> {
            MultipartReader reader = r.multipart();
            Part part = again(reader::next).orElseThrow();
            var target = new byte[10];
            int[] size = {0};
            for (int n = 0; n >= 0;) {
                size[0] += n;
                n = again(() -> part.read(target, size[0], 10 - size[0]));
            }
            parts.add(part.name() + "=" + new String(target, 0, size[0], StandardCharsets.US_ASCII));
            assertEquals(Optional.empty(), again(reader::next));
            return Response.text("ok");
        });
        Wire.play(slow, (peer, connection) -> {
            String request = Multipart.post(Multipart.body(Multipart.field("a", "1234")));
            int body = request.indexOf("--XyZ");
            peer.write(Wire.latin1(request.substring(0, body)));
            for (char c : request.substring(body).toCharArray()) {
                Heddle.sleep(Duration.ofMillis(1500));
                peer.write(Wire.latin1("" + c));
            }
            assertEquals(200, Wire.status(Wire.text(peer.readAll(10_000))));
        });
        assertEquals(List.of("a=1234"), parts);
        in(() -> {
            var reader = new MultipartReader(Multipart.source("", 1), "a", MultipartLimits.DEFAULT);
            Heddle.group(group -> {
                group.cancel("enough");
                assertThrows(CancelledException.class, reader::next);
            });
            return true;
        });
    }

    @Test
    void twoTasksCannotReadAtOnce() {
        in(() -> {
            BodySource slow = (target, offset, count) -> {
                Heddle.sleep(Duration.ofSeconds(1));
                return -1;
            };
            var reader = new MultipartReader(slow, "a", MultipartLimits.DEFAULT);
            var first = Heddle.spawn(() -> assertThrows(StatusException.class, reader::next).status());
            Heddle.sleep(Duration.ofMillis(100));
            assertThrows(BusyException.class, reader::next);
            assertEquals(400, first.join());
            return true;
        });
    }

    @Test
    void partThatIsSavedIsThereWholeOrNotAtAll() throws IOException {
        Path target = temp.resolve("saved");
        var saving = HttpServer.builder().post("/", r -> {
            Part part = r.multipart().next().orElseThrow();
            return Response.text("" + part.saveTo(target));
        });
        String data = "0123456789".repeat(30_000);
        String whole = Multipart.post(Multipart.body(Multipart.file("f", "x", data)));
        assertEquals("300000", Wire.body(Wire.ask(saving, whole)));
        assertEquals(data, Files.readString(target));
        Wire.play(saving, (peer, connection) -> {
            peer.write(Wire.latin1(whole.substring(0, 200_000)));
            peer.closeOutput();
            assertEquals(400, Wire.status(Wire.text(peer.readAll(1000))));
        });
        assertEquals(data, Files.readString(target));
        try (var entries = Files.list(temp)) {
            assertEquals(List.of(target), entries.toList());
        }
    }
}
