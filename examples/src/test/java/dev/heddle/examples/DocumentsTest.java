package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code in the documents compiles: each block stands, but for its layout, in a source file of this module. */
class DocumentsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    @ParameterizedTest
    @MethodSource("dev.heddle.examples.Documents#withCode")
    void everyBlockOfCodeIsCompiled(String document) throws IOException {
        List<String> sources = Documents.sources();
        for (MatchResult block : BLOCK.matcher(Documents.text(document)).results().toList()) {
            String code = Documents.withoutSpace(block.group(1));
            assertTrue(
                    sources.stream().anyMatch(source -> source.contains(code)),
                    () -> "no source file of examples has this code of " + document + ":\n" + block.group(1));
        }
    }
}
