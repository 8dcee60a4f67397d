package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.http.OtherProgram;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.TlsTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client and the servers of HTTP/2 that people have. */
final class Http2ClientInteropTest {

    private static final int LONG = 3_000_000;
    private static final List<Integer> THOUSAND = IntStream.range(0, 1_000).boxed().toList();

    @TempDir
    private Path temp;

    private static Process start(Path directory, String... command) throws IOException {
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    }

    private static void stop(Process process) {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }

    @Test
    void nginxSpeaksItUnderTls() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nginx")), "nginx is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        Process keys = start(temp, "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj",
                "/CN=site", "-addext", "subjectAltName=DNS:site");
        keys.getInputStream().readAllBytes();
        assertEquals(0, keys.waitFor());
        Files.createDirectories(temp.resolve("www"));
        Files.writeString(temp.resolve("www/hello"), "hello");
        Files.write(temp.resolve("www/long"), new byte[LONG]);
        Path socket = temp.resolve("s");
        Files.writeString(temp.resolve("nginx.conf"), """
                daemon off; master_process off; pid pid; error_log error.log; events {}
                http {
                  access_log off; keepalive_requests 300; client_max_body_size 1k;
                  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s2;
                  server {
                    listen unix:%s ssl http2; root www; ssl_certificate cert.pem; ssl_certificate_key key.pem;
                    location = /version { return 200 $server_protocol; }
                    location = /trailers { add_trailer X-Sum 1; try_files /hello =404; }
                  }
                }
                """.formatted(socket));
        Process nginx = start(temp, "/usr/sbin/nginx", "-p", temp.toString(), "-c", "nginx.conf", "-e", "error.log");
        try {
            OtherProgram.awaitSocket(nginx, socket);
            Heddle.run(() -> {
                try (HttpClient http = HttpClient.builder()
                        .unixSocket(socket)
                        .tls(ClientTls.DEFAULT.withTrust(TlsTrust.pem(temp.resolve("cert.pem"))))
                        .build()) {
                    assertEquals("HTTP/2.0", http.get("https://site/version").text());
                    assertEquals(LONG, http.get("https://site/long").bytes().length);
                    assertEquals("" + LONG, http.head("https://site/long").headers().first("content-length"));
                    Reply trailers = http.get("https://site/trailers");
                    assertEquals("hello", trailers.text());
                    assertEquals("1", trailers.trailers().first("x-sum"));
                    assertEquals(413, http.post("https://site/hello", new byte[LONG]).status());
                    // The server ends its connections after 300 requests, whatever is under way then.
                    assertTrue(Heddle.map(THOUSAND, 100, i -> http.get("https://site/hello").text()).stream()
                            .allMatch("hello"::equals));
                    assertTrue(http.statistics().opened() < 20, http.statistics().toString());
                }
            });
        } finally {
            stop(nginx);
        }
    }

    @Test
    void nodeSpeaksItWithPriorKnowledge() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/node")), "node is not installed");
        Files.writeString(temp.resolve("server.js"),
                """
                        const http2 = require('http2');
                        http2.createServer({settings: {maxConcurrentStreams: 200}}, (q, r) => {
                          if (q.url === '/hello') r.end('hello');
                          else if (q.url === '/echo') q.pipe(r);
                          else if (q.url === '/early') { r.writeEarlyHints({link: '</a>; rel=preload'}); r.end('late'); }
                          else if (q.url === '/stream') { for (let i = 0; i < 1000; i++) r.write('line ' + i + '\\n'); r.end(); }
                          else if (q.url === '/trailers') { r.write('bo'); r.addTrailers({'x-sum': '1'}); r.end('dy'); }
                          else { r.statusCode = 404; r.end(); }
                        }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
                        """);
        Process node = start(temp, "/usr/bin/node", "server.js");
        try (BufferedReader out = node.inputReader()) {
            String base = "http://127.0.0.1:" + out.readLine();
            Heddle.run(() -> {
                try (HttpClient http = HttpClient.builder().http2PriorKnowledge().baseUrl(base).build()) {
                    assertEquals("hello", http.get("/hello").text());
                    assertEquals(404, http.get("/none").status());
                    assertEquals("late", http.get("/early").text());
                    assertEquals(1_000, http.get("/stream").text().lines().count());
                    assertEquals(300_000, http.post("/echo", "x".repeat(300_000)).text().length());
                    assertEquals("yz", http.request("POST", "/echo").body(body -> {
                        body.write('y');
                        body.flush();
                        body.write('z');
                    }).send().text());
                    Reply trailers = http.get("/trailers");
                    assertEquals("body", trailers.text());
                    assertEquals("1", trailers.trailers().first("x-sum"));
                    assertEquals("", http.head("/hello").text());
                    assertTrue(Heddle.map(THOUSAND, 200, i -> http.get("/hello").text()).stream()
                            .allMatch("hello"::equals));
                    assertEquals(1, http.statistics().opened());
                }
            });
        } finally {
            stop(node);
        }
    }
}
