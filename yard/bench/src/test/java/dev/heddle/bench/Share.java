package dev.heddle.bench;

import java.util.List;
import java.util.stream.IntStream;

/** Each Nth of many of a kind, by {@code -Dheddle.share=N}: a build that everybody waits for has no time for all. */
final class Share {

    private Share() {}

    static <T> List<T> of(List<T> all) {
        int share = Integer.getInteger("heddle.share", 1);
        return IntStream.range(0, all.size()).filter(i -> i % share == 0).<T>mapToObj(all::get).toList();
    }
}
