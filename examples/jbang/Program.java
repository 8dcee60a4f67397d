///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//DEPS dev.heddle:heddle-bom:0.1.0-SNAPSHOT@pom
//DEPS dev.heddle:heddle-http
//DEPS dev.heddle:heddle-linux
//RUNTIME_OPTIONS --add-opens=java.base/java.lang=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.run;

import dev.heddle.http.client.HttpClient;
import java.util.List;

/** Prints how long pages are, a hundred at a time. Arguments: urls. */
final class Program {

    private Program() {}

    public static void main(String[] urls) {
        run(() -> {
            try (var http = HttpClient.create()) {
                map(List.of(urls), 100, url -> url + ": " + http.get(url).text().length()).forEach(IO::println);
            }
        });
    }
}
