package dev.heddle.http.internal.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file's media type is told by the end of its name. */
final class ContentTypesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            index.html      | text/html; charset=utf-8
            A.B.Css         | text/css; charset=utf-8
            app.mjs         | text/javascript; charset=utf-8
            data.yaml       | application/yaml
            sheet.xlsx      | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
            book.epub       | application/epub+zip
            film.mov        | video/quicktime
            song.m4a        | audio/mp4
            all.7z          | application/x-7z-compressed
            photo.HEIC      | image/heic
            scene.glb       | model/gltf-binary
            none            | application/octet-stream
            dot.            | application/octet-stream
            what.is.this    | application/octet-stream
            """)
    void nameHasTheTypeOfItsEnd(String name, String type) {
        assertEquals(type, ContentTypes.of(name));
    }

    @Test
    void ownTypeComesFirst() {
        Map<String, String> own = Map.of("txt", "a/b", "geotiff", "c/d");
        assertEquals("a/b", ContentTypes.of("x.TXT", own));
        assertEquals("c/d", ContentTypes.of("x.geotiff", own));
        assertEquals("image/png", ContentTypes.of("x.png", own));
    }

    @Test
    void eachLineOfTheListIsANameOfItsOwnAndAMediaType() throws IOException {
        List<String> lines;
        try (InputStream list = Objects.requireNonNull(ContentTypes.class.getResourceAsStream("content-types.txt"))) {
            lines = new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("# ")).toList();
        }
        var names = new HashSet<String>();
        for (String line : lines) {
            assertTrue(
                    line.matches("[a-z0-9]+: (application|audio|font|image|model|text|video)/[A-Za-z0-9.+-]+"
                            + "(; charset=utf-8)?"),
                    line);
            assertTrue(names.add(line.substring(0, line.indexOf(':'))), line);
        }
        assertTrue(names.size() >= 200, "names: " + names.size());
    }

    @Test
    void textIsCompressedAndWhatIsCompressedAlreadyIsNot() {
        for (String name : List.of("a.html", "a.svg", "a.json", "a.geojson", "a.yaml", "a.toml", "a.rss", "a.gltf")) {
            assertTrue(ContentTypes.isCompressible(ContentTypes.of(name)), name);
        }
        for (String name : List.of("a.png", "a.docx", "a.zip", "a.mp4", "a.woff2", "a.pdf", "a.epub")) {
            assertTrue(!ContentTypes.isCompressible(ContentTypes.of(name)), name);
        }
    }
}
