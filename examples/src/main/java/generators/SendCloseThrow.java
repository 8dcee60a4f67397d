// A generator gives values and is given values, is closed where it waits, and has an exception thrown in there.
// Answers Threads, processes, coroutines, asyncio, programs 29 to 31; Day 11, threads and asyncio, program 12: send, close and throw; the four states.

import dev.heddle.generators.DuplexGenerator;

void main() {
    show();
}

void show() {
    send();
    close();
    fail();
    showStates();
}

void send() {
    DuplexGenerator<Object, String, String> generator = DuplexGenerator.of(out -> {
        String html = out.yield("http://www.baidu.com");
        IO.println(html);
        out.yield(2);
        out.yield(3);
        return "fank";
    });
    IO.println(generator.next());
    IO.println(generator.send("fank"));
    IO.println(generator.next());
    try {
        generator.next();
    } catch (NoSuchElementException end) {
        IO.println("the end: " + generator.result());
    }
}

/** What Python throws at the yield is an exception that can be caught. Here it is an error, and whoever catches it is told, too. */
void close() {
    DuplexGenerator<Object, String, String> generator = DuplexGenerator.of(out -> {
        try {
            out.yield("http://www.baidu.com");
        } catch (Error closed) {
            // "except GeneratorExit: pass"
        }
        out.yield(2);
        return "fank";
    });
    IO.println(generator.next());
    try {
        generator.close();
    } catch (IllegalStateException e) {
        IO.println(e.getMessage());
    }
}

void fail() {
    DuplexGenerator<Object, String, String> generator = DuplexGenerator.of(out -> {
        out.yield("http://www.baidu.com");
        return "not reached";
    });
    IO.println(generator.next());
    try {
        generator.fail(new IllegalStateException("download error"));
    } catch (IllegalStateException e) {
        IO.println(e.getMessage());
    }
}

void showStates() {
    var self = new AtomicReference<DuplexGenerator<DuplexGenerator.State, String, String>>();
    self.set(DuplexGenerator.of(out -> {
        out.yield(self.get().state());
        return "the end";
    }));
    var generator = self.get();
    IO.println(generator.state());           // GEN_CREATED
    IO.println(generator.next());            // GEN_RUNNING, as it sees itself
    IO.println(generator.state());           // GEN_SUSPENDED
    generator.close();
    IO.println(generator.state());           // GEN_CLOSED
}
