package dev.heddle.internal.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The methods of the JDK that look at their caller are known, all of them. */
final class CallerSensitiveTest {

    private final Set<String> classes = new TreeSet<>();
    private final Set<String> names = new TreeSet<>();

    @Test
    void allThatTheJdkHasAreListed() throws Exception {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        for (String module : List.of("java.base", "java.logging", "java.sql", "java.desktop", "java.management")) {
            if (Files.exists(modules.resolve(module))) {
                try (Stream<Path> files = Files.walk(modules.resolve(module))) {
                    files.filter(file -> file.toString().contains("/java") && file.toString().endsWith(".class"))
                            .forEach(this::look);
                }
            }
        }
        assertTrue(classes.size() > 10, classes.toString());
        classes.removeAll(CallerSensitive.CLASSES);
        assertEquals(Set.of(), classes);
        names.removeAll(CallerSensitive.NAMES);
        assertEquals(Set.of(), names);
    }

    private void look(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = model.thisClass().asInternalName().replace('/', '.');
        if (!name.startsWith("java") || !model.flags().has(AccessFlag.PUBLIC)) {
            return;
        }
        for (MethodModel method : model.methods()) {
            boolean isOpen = method.flags().has(AccessFlag.PUBLIC) || method.flags().has(AccessFlag.PROTECTED);
            if (isOpen && method.findAttribute(Attributes.runtimeVisibleAnnotations()).filter(this::says).isPresent()) {
                classes.add(name);
                names.add(method.methodName().stringValue());
            }
        }
    }

    private boolean says(RuntimeVisibleAnnotationsAttribute annotations) {
        return annotations.annotations().stream()
                .anyMatch(each -> each.className().equalsString("Ljdk/internal/reflect/CallerSensitive;"));
    }

    @Test
    void othersOfTheSameClassesAndNamesAreNotMeant() throws Exception {
        assertTrue(CallerSensitive.is(MethodHandles.class.getMethod("lookup")));
        assertFalse(CallerSensitive.is(MethodHandles.class.getMethod("constant", Class.class, Object.class)));
        assertFalse(CallerSensitive.is(Class.class.getMethod("getAnnotation", Class.class)));
        assertFalse(CallerSensitive.is(List.class.getMethod("get", int.class)));
    }
}
