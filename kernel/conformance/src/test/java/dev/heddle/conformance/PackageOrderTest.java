package dev.heddle.conformance;

import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard of packages, with made-up classes: what it lets pass, and what it says of an edge that runs the wrong way.
 */
final class PackageOrderTest {

    @TempDir
    private Path classes;

    private static final ClassDesc LOW = ClassDesc.of("low.Word");
    private static final ClassDesc HIGH = ClassDesc.of("high.Book");

    private void add(ClassDesc type, Consumer<ClassBuilder> content) throws IOException {
        Path file = classes.resolve(type.packageName().replace('.', '/')).resolve(type.displayName() + ".class");
        Files.createDirectories(file.getParent());
        ClassFile.of().buildTo(file, type, builder -> {
            builder.with(SourceFileAttribute.of(type.displayName() + ".java"));
            content.accept(builder);
        });
    }

    private PackageOrder order() {
        return PackageOrder.of(classes).row("low").row("high", "low").row("beside", "low");
    }

    @Test
    void usingWhatIsBelowIsFineHoweverFar() throws IOException {
        add(LOW, builder -> {});
        add(HIGH, builder -> builder.withField("word", LOW, 0));
        add(ClassDesc.of("roof.Tile"), builder -> builder.withSuperclass(LOW));
        assertEquals(List.of(), order().row("roof", "high").faults());
    }

    @Test
    void edgeUpwardsIsNamedWithBothEndsAndTheWayOut() throws IOException {
        add(LOW, builder -> builder.withField("book", HIGH, 0));
        add(HIGH, builder -> {});
        List<String> faults = order().faults();
        assertEquals(1, faults.size());
        assertTrue(faults.getFirst().startsWith("low.Word uses high.Book, but high stands above low: move "),
                faults::getFirst);
        assertThrows(AssertionError.class, () -> order().check());
    }

    @Test
    void packagesBesideEachOtherDoNotKnowEachOther() throws IOException {
        add(HIGH, builder -> builder.withSuperclass(ClassDesc.of("beside.Shelf")));
        String fault = order().faults().getFirst();
        assertTrue(fault.contains("beside and high do not know each other"), fault);
    }

    @Test
    void typeOfAMethodOrOnlyOfASignatureCountsToo() throws IOException {
        add(LOW, builder -> builder.withMethod("read", MethodTypeDesc.of(CD_void, HIGH.arrayType()),
                ClassFile.ACC_ABSTRACT,
                method -> {}));
        assertEquals(1, order().faults().size());
        add(LOW, builder -> builder.withField("books", ClassDesc.of("java.util.List"), field -> field
                .with(SignatureAttribute
                        .of(java.lang.classfile.Signature.parseFrom("Ljava/util/List<Lhigh/Book;>;")))));
        assertEquals(1, order().faults().size());
    }

    @Test
    void packageWithoutARowIsTold() throws IOException {
        add(ClassDesc.of("new.Thing"), builder -> {});
        assertTrue(order().faults().getFirst().startsWith("package new has no row"));
    }

    @Test
    void wordsOfAPackageStandBelowTheRestOfIt() throws IOException {
        add(ClassDesc.of("hidden.Hand"), builder -> builder.withField("word", HIGH, 0));
        add(HIGH, builder -> {});
        add(ClassDesc.of("high.Reader"), builder -> builder.withSuperclass(ClassDesc.of("hidden.Hand")));
        PackageOrder order = PackageOrder.of(classes).words("high", "Book").row("hidden", "words of high").row("high",
                "hidden");
        assertEquals(List.of(), order.faults());
        add(HIGH, builder -> builder.withField("reader", ClassDesc.of("high.Reader"), 0));
        assertTrue(order.faults().getFirst().contains("high stands above words of high"));
    }

    @Test
    void classesApartFromTheirPackageMayStandAboveIt() throws IOException {
        add(LOW, builder -> builder.withField("book", HIGH, 0));
        add(HIGH, builder -> builder.withField("letter", ClassDesc.of("low.Letter"), 0));
        add(ClassDesc.of("low.Letter"), builder -> {});
        assertEquals(List.of(), order().apart("notes", "low", "Word").row("notes", "high").faults());
        add(ClassDesc.of("low.Letter"), builder -> builder.withField("word", LOW, 0));
        String fault = order().apart("notes", "low", "Word").row("notes", "high").faults().getFirst();
        assertTrue(fault.contains("notes stands above low"), fault);
    }

    @Test
    void packagesOfAKnotKnowEachOtherBothWaysAndAreOneToTheOthers() throws IOException {
        add(ClassDesc.of("twist.Left"), builder -> builder.withField("right", ClassDesc.of("turn.Right"), 0));
        add(ClassDesc.of("turn.Right"), builder -> builder.withField("left", ClassDesc.of("twist.Left"), 0));
        add(HIGH, builder -> builder.withField("left", ClassDesc.of("twist.Left"), 0));
        PackageOrder order = PackageOrder.of(classes).knot("rope", "twist", "turn").row("rope").row("high", "rope");
        assertEquals(List.of(), order.faults());
        add(ClassDesc.of("turn.Right"), builder -> builder.withField("book", HIGH, 0));
        assertTrue(order.faults().getFirst().contains("high stands above rope"), order.faults()::getFirst);
    }

    @Test
    void rowCannotStandOnALaterOne() {
        PackageOrder order = PackageOrder.of(classes).row("low");
        assertThrows(IllegalArgumentException.class, () -> order.row("high", "roof"));
    }

    @Test
    void packageWithTooManyFilesIsToldWhereToGo() throws IOException {
        for (int i = 0; i < PackageOrder.MAX_FILES; i++) {
            add(ClassDesc.of("low.Word" + i), builder -> {});
        }
        assertEquals(List.of(), order().faults());
        add(LOW, builder -> {});
        String fault = order().faults().getFirst();
        assertEquals(List.of(), order().larger("low", PackageOrder.MAX_FILES + 1).faults());
        assertTrue(fault.startsWith("package low has 76 files, at most 75: move a group"), fault);
    }

    @Test
    void jarIsReadLikeADirectory() throws IOException {
        add(LOW, builder -> builder.withField("book", HIGH, 0));
        Path jar = classes.resolve("classes.jar");
        try (var files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            Files.createDirectory(files.getPath("/low"));
            Files.copy(classes.resolve("low/Word.class"), files.getPath("/low/Word.class"));
        }
        assertEquals(1, PackageOrder.of(jar).row("low").row("high", "low").faults().size());
    }

    @Test
    void placeWithoutClassFilesIsNoGoodOrder() {
        assertThrows(IllegalArgumentException.class, () -> order().check());
    }
}
