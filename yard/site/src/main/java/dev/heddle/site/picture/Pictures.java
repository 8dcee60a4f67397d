package dev.heddle.site.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The command that writes all pictures: from the project's root, {@code java
 * yard/site/src/main/java/dev/heddle/site/picture/Pictures.java docs/pictures}.
 */
public final class Pictures {

    private Pictures() {}

    static List<Drawing> all() {
        return List.of(
                TurnOfTheLoop.drawing(), CancelThroughATree.drawing(), FiveIoModels.drawing(),
                LifeOfARequest.drawing());
    }

    /** The name of a picture's file. */
    static String file(Drawing drawing) {
        return drawing.name() + ".svg";
    }

    /** Writes the pictures into the directory that is named. */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Files.createDirectories(target);
        for (Drawing drawing : all()) {
            Files.writeString(target.resolve(file(drawing)), drawing.svg());
        }
    }
}
