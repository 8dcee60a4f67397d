// A producer sends numbers into a consumer, which answers each one.
// Answers Day 11, threads and asyncio, program 11: using the keyword yield, consume() and produce(c).

import dev.heddle.generators.DuplexGenerator;

void main() {
    produce(consume());
}

DuplexGenerator<String, Integer, Void> consume() {
    return DuplexGenerator.of(out -> {
        String answer = "";
        while (true) {
            int n = out.yield(answer);
            IO.println("the consumer consumes: " + n);
            answer = "200 RMB";
        }
    });
}

void produce(DuplexGenerator<String, Integer, Void> consumer) {
    consumer.next();                       // to its first yield; the answer to nothing is empty
    for (int n = 1; n <= 5; n++) {
        IO.println("the producer produces: " + n);
        IO.println("[producer] the consumer returns: " + consumer.send(n));
        IO.println("------------");
    }
    consumer.close();
}
