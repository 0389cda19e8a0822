"""A company whose truth is known: habits, seasons, causes of leaving, effects of touches.

The demo, the test bed and the source of benchmarks. It steps day by day, so that what is done for
a customer today changes what happens tomorrow::

    from holdfast.simulate.scenario import usual_scenario
    from holdfast.simulate.touches import Touch
    from holdfast.simulate.world import World

    world = World(usual_scenario(customers=500))
    for _ in range(200):
        happened = world.step()
    world.step(touches=[Touch("call", "C000012", offer="credit")])

``holdfast.simulate.files`` writes a company as the files that Holdfast imports, with its truth
beside them. How it is made and what it cannot say: ``docs/explanation/simulator.md``.
"""
