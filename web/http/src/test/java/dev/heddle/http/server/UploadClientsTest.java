package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms and files from clients that people really have. */
@LeavesNothing
final class UploadClientsTest {

    private static final String NAME = "a b;c.txt";

    @TempDir
    private Path temp;

    private Path small;
    private Path large;

    /** Holds text that a command line may not be able to. */
    private Path title;

    /** Reads a refused upload to its end: closing before that may cost the peer its answer. */
    private final HttpServer.Builder server = HttpServer.builder()
            .limits(ServerLimits.DEFAULT.withMaxDrainBytes(8 << 20).withLingerTime(Duration.ofSeconds(20)))
            .post("/", r -> {
                var seen = new ArrayList<String>();
                FormData data = r.formData(MultipartLimits.DEFAULT.withDirectory(temp));
                data.fields().forEach((name, value) -> seen.add(name + "=" + value));
                for (UploadedFile file : data.files()) {
                    byte[] bytes = file.bytes(8 << 20);
                    seen.add(file.name() + "(" + file.safeFilename() + ")=" + bytes.length + ":"
                            + bytes[bytes.length - 1]);
                }
                return Response.text(String.join("\n", seen));
            })
            .post("/first", r -> Response.text(r.multipart().next().orElseThrow().name()))
            .post("/limited", r -> Response.text(
                    "" + r.formData(MultipartLimits.DEFAULT.withMaxFileBytes(1000)).files().size()));

    @BeforeEach
    void files() throws IOException {
        small = Files.writeString(temp.resolve(NAME), "few");
        title = Files.writeString(temp.resolve("title"), "\u20ac \"x\"");
        var bytes = new byte[3_000_000];
        bytes[bytes.length - 1] = 7;
        large = Files.write(temp.resolve("large.bin"), bytes);
    }

    private String run(String... command) {
        return Heddle.run(() -> {
            try (HttpServer running = server.start("127.0.0.1", 0)) {
                var words = new ArrayList<String>();
                for (String word : command) {
                    words.add(word.replace("{url}", "http://127.0.0.1:" + running.port())
                            .replace("{small}", small.toString()).replace("{large}", large.toString())
                            .replace("{title}", title.toString()));
                }
                return Heddle.offload(() -> output(words));
            }
        });
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private static void assume(String... command) {
        boolean there;
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            there = process.waitFor() == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assumeTrue(there, command[0] + " is not installed");
    }

    private void checkAll(String out) {
        assertEquals(
                List.of("title=\u20ac \"x\"", "empty=", "f(" + NAME.replace(';', '_') + ")=3:119",
                        "f(large.bin)=3000000:7"),
                out.lines().toList());
    }

    @Test
    void curlSendsFieldsAndSeveralFiles() throws IOException {
        assume("/usr/bin/curl", "--version");
        checkAll(run("/usr/bin/curl", "-sS", "--max-time", "20", "-F", "title=<{title}", "-F", "empty=", "-F",
                "f=@\"{small}\"", "-F", "f=@{large}", "{url}/"));
        checkAll(run("/usr/bin/curl", "-sS", "--max-time", "20", "-H", "Transfer-Encoding: chunked", "-F",
                "title=<{title}", "-F", "empty=", "-F", "f=@\"{small}\"", "-F", "f=@{large}", "{url}/"));
        assertEquals("a=b c\nd=&", run("/usr/bin/curl", "-sS", "--max-time", "20", "--data-urlencode", "a=b c",
                "--data-urlencode", "d=&", "{url}/"));
    }

    @Test
    void curlGetsItsAnswerWhenAnUploadIsRefusedOrNotReadToItsEnd() {
        assume("/usr/bin/curl", "--version");
        assertEquals("a file is longer than 1000 bytes\n413", run("/usr/bin/curl", "-sS", "--max-time", "20", "-w",
                "%{http_code}", "-F", "f=@{large}", "{url}/limited"));
        assertEquals("f200", run("/usr/bin/curl", "-sS", "--max-time", "20", "-w", "%{http_code}", "-F", "f=@{large}",
                "{url}/first"));
    }

    @Test
    @Tag("full")
    void pythonRequestsSendsFieldsAndSeveralFiles() {
        assume("python3", "-c", "import requests");
        checkAll(run("python3", "-c", """
                import os, requests
                s, l = r'{small}', r'{large}'
                files = [('f', (os.path.basename(s), open(s, 'rb'))), ('f', ('large.bin', open(l, 'rb')))]
                r = requests.post('{url}/', data=[('title', '\\u20ac "x"'), ('empty', '')], files=files, timeout=20)
                os.write(1, r.content)
                """));
    }

    @Test
    @Tag("full")
    void nodesFetchSendsFieldsAndSeveralFiles() {
        assume("node", "-e", "new FormData()");
        checkAll(run("node", "-e", """
                const fs = require('fs'), form = new FormData();
                form.append('title', '\\u20ac "x"');
                form.append('empty', '');
                form.append('f', new Blob([fs.readFileSync('{small}')]), require('path').basename('{small}'));
                form.append('f', new Blob([fs.readFileSync('{large}')]), 'large.bin');
                fetch('{url}/', {method: 'POST', body: form}).then(r => r.text()).then(t => process.stdout.write(t));
                """));
    }
}
