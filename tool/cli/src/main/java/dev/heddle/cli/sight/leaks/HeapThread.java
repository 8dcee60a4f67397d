package dev.heddle.cli.sight.leaks;

/**
 * A thread in a heap dump, and what its frames refer to.
 *
 * @param locals objects to which frames refer
 * @param kernels those of them to which only frames of the kernel do that run the thread, or run something for it
 */
record HeapThread(long id, LongList locals, LongList kernels) {

    HeapThread(long id) {
        this(id, new LongList(), new LongList());
    }
}
