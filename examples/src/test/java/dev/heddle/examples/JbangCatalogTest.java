package dev.heddle.examples;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The catalogue for jbang has keys of its schema, this version and the flags; its template is a program that runs. */
final class JbangCatalogTest {

    private static final Path ROOT = Path.of("..");

    private static final Path PROGRAM = Path.of("jbang", "Program.java");

    private static final List<String> FLAGS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");

    private static JsonNode catalog() {
        return JsonMapper.shared().readTree(Documents.text("jbang-catalog.json"));
    }

    @Test
    void commandIsOfThisVersionAndHasTheFlags() {
        JsonNode alias = catalog().get("aliases").get("heddle");
        assertEquals(Set.of("script-ref", "description", "java", "main", "runtime-options"),
                Set.copyOf(alias.propertyNames()));
        assertEquals("dev.heddle:heddle-cli:" + CopiedProject.version(), alias.get("script-ref").asString());
        assertEquals("dev.heddle.cli.Main", alias.get("main").asString());
        assertEquals(FLAGS, alias.get("runtime-options").valueStream().map(JsonNode::asString).toList());
    }

    @Test
    void templateIsThereAndItsLinesSayTheSame() throws Exception {
        JsonNode files = catalog().get("templates").get("heddle").get("file-refs");
        assertEquals(Set.of("{filename}"), Set.copyOf(files.propertyNames()));
        Path file = ROOT.resolve(files.get("{filename}").asString());
        assertTrue(Files.isSameFile(PROGRAM, file));
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.contains("//DEPS dev.heddle:heddle-bom:" + CopiedProject.version() + "@pom"), lines::toString);
        assertEquals(FLAGS, lines.stream()
                .filter(line -> line.startsWith("//RUNTIME_OPTIONS "))
                .map(line -> line.substring("//RUNTIME_OPTIONS ".length()))
                .toList());
    }

    @Test
    @Tag("full")
    void templateRuns() {
        run(() -> {
            HttpServer.Builder app = HttpServer.builder().get("/", _ -> Response.text("12345"));
            try (var server = app.start("127.0.0.1", 0)) {
                String url = "http://" + server.address() + "/";
                Program.Ending ending = offload(() -> new Program(PROGRAM).launch(url));
                assertEquals(List.of(url + ": 5"), ending.out(), ending.err());
            }
        });
    }
}
