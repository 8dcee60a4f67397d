package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root of the project reads as a table of contents, and each house has its front door. */
final class StreetTest {

    private static final List<String> HOUSES = List.of("kernel", "web", "beyond", "sight", "tool");

    private static final int MAX_FOLDERS = 10;
    private static final int MAX_ENTRIES = 20;
    private static final int MAX_ARCHITECTURE_BYTES = 10_000;
    private static final int MAX_README_BYTES = 3_000;
    private static final int MAX_ROOT_ARCHITECTURE_BYTES = 6_000;

    @TempDir
    Path street;

    @Test
    void rootIsATableOfContentsAndEachHouseHasItsFrontDoor() throws IOException {
        assertEquals(List.of(), faults(Documents.ROOT));
    }

    @Test
    void whatGrowsIsFound() throws IOException {
        for (String house : HOUSES) {
            write(house + "/README.md", 100);
            write(house + "/ARCHITECTURE.md", 100);
        }
        write("ARCHITECTURE.md", 100);
        assertEquals(List.of(), faults(street));

        write("web/ARCHITECTURE.md", MAX_ARCHITECTURE_BYTES + 1);
        write("ARCHITECTURE.md", MAX_ROOT_ARCHITECTURE_BYTES + 1);
        Files.delete(street.resolve("sight/README.md"));
        for (int i = 0; i <= MAX_FOLDERS - HOUSES.size(); i++) {
            Files.createDirectory(street.resolve("shed" + i));
        }
        for (int i = 0; i < 9; i++) {
            write("note" + i, 1);
        }
        List<String> faults = faults(street);
        assertEquals(5, faults.size(), faults::toString);
        for (String found : List.of("web/ARCHITECTURE.md", "ARCHITECTURE.md has", "sight/README.md", "folders",
                "entries")) {
            assertTrue(faults.stream().anyMatch(fault -> fault.contains(found)), () -> found + " in " + faults);
        }
    }

    private void write(String file, int bytes) throws IOException {
        Path path = street.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "x".repeat(bytes));
    }

    private static List<String> faults(Path root) throws IOException {
        List<String> faults = new ArrayList<>();
        List<Path> entries;
        try (Stream<Path> files = Files.list(root)) {
            entries = files.filter(file -> !file.getFileName().toString().matches("\\..*|target")).toList();
        }
        long folders = entries.stream().filter(Files::isDirectory).count();
        if (folders > MAX_FOLDERS) {
            faults.add("the root has " + folders + " folders, more than " + MAX_FOLDERS);
        }
        if (entries.size() > MAX_ENTRIES) {
            faults.add("the root has " + entries.size() + " entries, more than " + MAX_ENTRIES);
        }
        check(root, "ARCHITECTURE.md", MAX_ROOT_ARCHITECTURE_BYTES, faults);
        for (String house : HOUSES) {
            check(root, house + "/README.md", MAX_README_BYTES, faults);
            check(root, house + "/ARCHITECTURE.md", MAX_ARCHITECTURE_BYTES, faults);
        }
        return faults;
    }

    private static void check(Path root, String file, int max, List<String> faults) throws IOException {
        Path path = root.resolve(file);
        if (!Files.exists(path)) {
            faults.add(file + " is missing");
        } else if (Files.size(path) > max) {
            faults.add(file + " has " + Files.size(path) + " bytes, more than " + max);
        }
    }
}
