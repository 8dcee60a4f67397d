package dev.heddle.cli;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A class of the JDK that lacks a method, for {@code --patch-module}: the JDK of the tests as a later one may be. The
 * method goes by another name.
 */
final class PatchedJdk {

    private PatchedJdk() {}

    /** Gives the directory with the class. */
    static Path without(Path directory, String type, String method) throws IOException {
        String file = type.replace('.', '/') + ".class";
        Path original = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base", file);
        ClassModel model = ClassFile.of().parse(Files.readAllBytes(original));
        byte[] patched = ClassFile.of().transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel each && each.methodName().equalsString(method)) {
                builder.withMethod("former" + method, each.methodTypeSymbol(), each.flags().flagsMask(),
                        renamed -> each.forEach(renamed));
            } else {
                builder.with(element);
            }
        });
        Path target = directory.resolve(file);
        Files.createDirectories(target.getParent());
        Files.write(target, patched);
        return directory;
    }
}
