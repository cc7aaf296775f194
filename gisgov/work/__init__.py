"""Who does the jobs: workers, which take them out of the queue, and processes of their own that do one each.

`gisgov.work.kinds` lists what can be done, `Work` (`gisgov.work.attempt`) is what a kind is given,
`gisgov.work.worker` takes attempts out of the queue and watches over the processes, and `gisgov.work.child`
is such a process.
"""
