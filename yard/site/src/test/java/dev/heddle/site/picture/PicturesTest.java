package dev.heddle.site.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.site.picture.Drawing.Look;
import dev.heddle.site.picture.Drawing.Side;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/** The pictures of the documents are those that their sources make, and nothing in them is out of its place. */
final class PicturesTest {

    private static final Path GUIDE = Path.of("..", "..", "docs", "guide");

    private static final Path PICTURES = Path.of("..", "..", "docs", "pictures");

    private static Stream<Drawing> drawings() {
        return Pictures.all().stream();
    }

    private static Drawing blank() {
        return new Drawing("blank", 100, "A title", "A description");
    }

    private static void assertRefused(String why, Runnable drawing) {
        var refused = assertThrows(IllegalArgumentException.class, drawing::run);
        assertEquals("blank: " + why, refused.getMessage());
    }

    @ParameterizedTest
    @MethodSource("drawings")
    void pictureInTheRepositoryIsWhatItsSourceMakes(Drawing drawing) throws IOException {
        Path file = PICTURES.resolve(Pictures.file(drawing));
        assertTrue(
                Files.exists(file) && Files.readString(file).equals(drawing.svg()),
                () -> file + " is not what its source makes; from the project's root run:\n"
                        + "java yard/site/src/main/java/dev/heddle/site/picture/Pictures.java docs/pictures");
    }

    @Test
    void everyDrawingHasASource() throws IOException {
        try (Stream<Path> files = Files.list(PICTURES)) {
            assertEquals(
                    drawings().map(Pictures::file).collect(Collectors.toSet()),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".svg")) // the others are pictures of screens
                            .collect(Collectors.toSet()));
        }
    }

    @ParameterizedTest
    @MethodSource("drawings")
    void pictureTellsItsTitleAndWhatThereIsToSee(Drawing drawing) throws Exception {
        var svg = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(drawing.svg()))).getDocumentElement();
        assertEquals("img", svg.getAttribute("role"));
        for (String part : Set.of("title", "desc")) {
            var told = (org.w3c.dom.Element) svg.getElementsByTagName(part).item(0);
            assertTrue(svg.getAttribute("aria-labelledby").contains(told.getAttribute("id")), part);
            assertTrue(told.getTextContent().length() > 10, part);
        }
    }

    @ParameterizedTest
    @MethodSource("drawings")
    void pictureStandsInAChapterUnderItsTitle(Drawing drawing) throws IOException {
        String title = drawing.svg().replaceAll("(?s).*<title[^>]*>(.*)</title>.*", "$1");
        String image = "![" + title + "](../pictures/" + Pictures.file(drawing) + ")";
        try (Stream<Path> files = Files.list(GUIDE)) {
            boolean shown = files.filter(Files::isRegularFile).anyMatch(file -> {
                try {
                    return Files.readString(file).contains(image);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertTrue(shown, () -> "no chapter has " + image);
        }
    }

    @Test
    void wordsWiderThanTheirBoxAreRefused() {
        assertRefused("wider than its box: many words", () -> blank().box(0, 0, 40, 40, Look.PLAIN, "many words"));
    }

    @Test
    void whatIsBeyondTheEdgeIsRefused() {
        assertRefused("beyond the edge: 364 20", () -> blank().box(0, 0, 364, 20, Look.PLAIN, "a"));
        assertRefused("beyond the edge: many words", () -> blank().words(0, 20, Side.END, "many words"));
    }

    @Test
    void whatIsNotOnTheGridIsRefused() {
        assertRefused("not on the grid: 3", () -> blank().line(Look.PLAIN, 0, 0, 0, 3));
    }

    @Test
    void slantedLineIsRefused() {
        assertRefused("a slanted line to 40 40", () -> blank().arrow(Look.PLAIN, 0, 0, 44, 44));
    }

    @Test
    void lineWithACornerIsRounded() {
        String svg = blank().line(Look.PLAIN, 0, 0, 20, 0, 20, 20).svg();
        assertTrue(svg.contains("d=\"M0 0 L14 0 Q20 0 20 6 L20 20\""), svg);
    }
}
