package dev.heddle.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** The benchmark of what it costs a server to compress what it answers. */
final class Packing implements Workload {

    private static final int DOCUMENT_BYTES = 50 * 1024;
    private static final int CONNECTIONS = 64;
    private static final int WARM_UPS = 6;
    private static final int ROUNDS = 5;
    private static final String CODING = "gzip";
    private static final String[] WORDS = {"amber", "barley", "copper", "damask", "ebony", "flax", "gingham", "hemp",
            "indigo", "jute", "kersey", "linen", "muslin", "nankeen", "organza", "poplin", "quilt", "ramie", "serge",
            "twill", "velvet", "worsted"};

    private final Serving serving;
    private final double bytes;

    private Packing(SiteServer who) {
        SiteProcess server = start(who);
        this.serving = new Serving(who.toString(), server, List.of(Serving.wrk(
                PackMain.PATH, CONNECTIONS, "-H", "Accept-Encoding: " + CODING)));
        try {
            this.bytes = packedBytes(server);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            server.close();
            throw new IllegalStateException(e);
        }
    }

    static List<Benchmark> benchmarks() {
        List<Measure> measures = new ArrayList<>(Serving.measures(List.of("")));
        measures.add(new Measure("bytes of an answer", "bytes"));
        List<SiteServer> servers = List.of(
                SiteServer.NGINX, SiteServer.NETTY_EPOLL, SiteServer.VERTX, SiteServer.JDK, SiteServer.AIOHTTP,
                SiteServer.HEDDLE_NIO, SiteServer.HEDDLE_EPOLL, SiteServer.HEDDLE_IO_URING);
        return List.of(new Benchmark(
                "http-json-packed",
                "A list of records in 50 KiB of JSON, compressed anew for each request by gzip at level "
                        + PackMain.LEVEL
                        + ", over 64 kept connections; the server has one processor, the load the other",
                Counts.warmUps(WARM_UPS),
                Counts.rounds(ROUNDS),
                measures,
                SiteServer.sides(servers, SiteMode.PLAIN, Packing::new).stream()
                        .map(side -> side.needing(Wrk.NEED))
                        .toList()));
    }

    /** Starts a server that has the document and compresses it. */
    static SiteProcess start(SiteServer server) {
        try {
            Path directory = Files.createTempDirectory("heddle-bench-records");
            // nginx's worker may be another user than this one.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path file = Files.write(directory.resolve(PackMain.PATH.substring(1)), document());
            AutoCloseable behind = () -> {
                Files.delete(file);
                Files.delete(directory);
            };
            return server == SiteServer.NGINX
                    ? SiteProcess.of(Nginx.startPacking(directory, PackMain.LEVEL), behind)
                    : SiteProcess.start(server, SiteMode.PLAIN, PackMain.class, "pack_server.py", file, behind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same for all: records as an application might list them, the last one cut short by blanks. */
    static byte[] document() {
        var random = new Random(1);
        var text = new StringBuilder("[");
        for (int id = 1;; id++) {
            String record = record(id, random);
            if (text.length() + record.length() + 1 > DOCUMENT_BYTES) {
                break;
            }
            text.append(id == 1 ? "" : ",").append(record);
        }
        text.append(']').append(" ".repeat(DOCUMENT_BYTES - text.length()));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String record(int id, Random random) {
        return String.format("{\"id\":%d,\"name\":\"%s %s\",\"price\":%d.%02d,\"stock\":%d,\"inSale\":%b,"
                + "\"code\":\"%08x\",\"changed\":\"2026-%02d-%02dT%02d:%02d:%02dZ\",\"tags\":[\"%s\",\"%s\"]}",
                id, word(random), word(random), random.nextInt(200), random.nextInt(100), random.nextInt(5_000),
                random.nextBoolean(), random.nextInt(), 1 + random.nextInt(12), 1 + random.nextInt(28),
                random.nextInt(24), random.nextInt(60), random.nextInt(60), word(random), word(random));
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    /**
     * How long an answer of a server is, of which the document can be made again.
     *
     * @throws IOException if it cannot
     */
    static int packedBytes(SiteProcess server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url(PackMain.PATH)))
                .header("Accept-Encoding", CODING)
                .build();
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            String coding = answer.headers().firstValue("Content-Encoding").orElse("");
            if (answer.statusCode() != 200 || !coding.equals(CODING)) {
                throw new IOException("an answer with " + answer.statusCode() + " and the coding '" + coding + "'");
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                if (!Arrays.equals(in.readAllBytes(), document())) {
                    throw new IOException("another document came out of the answer");
                }
            }
            return answer.body().length;
        }
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = serving.round();
        double[] more = Arrays.copyOf(numbers, numbers.length + 1);
        more[numbers.length] = bytes;
        return more;
    }

    @Override
    public void close() {
        serving.close();
    }
}
